import { z } from 'zod';
import { type DocumentOf, Revision, Text, Time } from '../documents/document-schema.ts';
import * as example from '../documents/example-values.ts';
import { Exceptions } from '../documents/exceptions.ts';

export const ShipmentStatus = z.enum(['requested', 'dispatched', 'delivered', 'cancelled']);
export type ShipmentStatus = z.output<typeof ShipmentStatus>;

/** An order's shipment, stored as the query API returns it. */
export const ShipmentDocument = z
  .strictObject({
    orderId: Text,
    customerId: Text,
    status: ShipmentStatus,
    carrier: Text.optional(),
    trackingNumber: Text.optional(),
    openedAt: Time.meta({ description: 'When the shipment was requested, or cancelled before that.' }),
    /** Absent when the shipment was cancelled before it was requested. */
    requestedAt: Time.optional(),
    dispatchedAt: Time.optional(),
    deliveredAt: Time.optional(),
    cancellation: z
      .strictObject({ reason: Text.optional(), cancelledBy: Text, cancelledAt: Time })
      .optional(),
    recall: z
      .strictObject({
        outcome: z.enum(['nothing-taken', 'returning', 'refused']),
        at: Time,
        reason: Text.optional(),
      })
      .optional()
      .meta({ description: 'Response of the carrier to the request to return the parcel.' }),
    exceptions: Exceptions.optional(),
    updatedAt: Time,
    /** Revision of the shipment's stream. */
    revision: Revision,
  })
  .meta({
    example: {
      orderId: example.orderId,
      customerId: example.customerId,
      status: 'dispatched',
      ...example.parcel,
      openedAt: '2026-01-31T12:00:00.180Z',
      requestedAt: '2026-01-31T12:00:00.180Z',
      dispatchedAt: example.dispatchedAt,
      updatedAt: '2026-01-31T15:30:00.040Z',
      revision: '1',
    },
  });
export type ShipmentDocument = DocumentOf<typeof ShipmentDocument>;
