import { z } from 'zod';
import { PersonalData } from '../../domain/kernel/personal-data.ts';
import { Amount } from '../documents/amount.ts';
import { type DocumentOf, Ending, Revision, Text, Time, WholeNumber } from '../documents/document-schema.ts';
import * as example from '../documents/example-values.ts';
import { Exceptions } from '../documents/exceptions.ts';
import { PaymentStatus } from '../payments/document.ts';
import { ShipmentStatus } from '../shipments/document.ts';

export const OrderStatus = z.enum(['placed', 'confirmed', 'shipped', 'delivered', 'rejected', 'cancelled']);
export type OrderStatus = z.output<typeof OrderStatus>;

/** An order, stored as the query API returns it, but for personal data, which the query API decrypts. */
export const OrderDocument = z
  .strictObject({
    orderId: Text,
    customerId: Text,
    status: OrderStatus,
    items: z.array(
      z.strictObject({
        productId: Text,
        name: Text,
        quantity: WholeNumber,
        unitPrice: Amount,
        lineTotal: Amount,
      }),
    ),
    total: Amount,
    shipTo: PersonalData.optional(),
    /** Absent until a payment is requested. */
    payment: z
      .strictObject({
        status: PaymentStatus,
        reason: Text.optional(),
        capturedAt: Time.optional(),
        refundedAt: Time.optional(),
      })
      .optional(),
    /** Absent until a shipment is requested or cancelled. */
    shipment: z
      .strictObject({
        status: ShipmentStatus,
        carrier: Text.optional(),
        trackingNumber: Text.optional(),
        dispatchedAt: Time.optional(),
        deliveredAt: Time.optional(),
        reason: Text.optional(),
        cancelledBy: Text.optional(),
      })
      .optional(),
    rejection: z
      .strictObject({
        reason: Text,
        short: z
          .array(z.strictObject({ productId: Text, requested: WholeNumber, available: WholeNumber }))
          .optional(),
      })
      .optional(),
    cancellation: Ending.optional(),
    exceptions: Exceptions.optional(),
    placedAt: Time,
    /** When the newest event in this document was recorded. */
    updatedAt: Time,
    /** Revision of the order's own stream. */
    revision: Revision,
  })
  .meta({
    example: {
      orderId: example.orderId,
      customerId: example.customerId,
      status: 'shipped',
      items: [
        {
          productId: example.productId,
          name: example.productName,
          quantity: 3,
          unitPrice: example.pounds(255),
          lineTotal: example.pounds(765),
        },
      ],
      total: example.pounds(765),
      payment: { status: 'captured', capturedAt: example.capturedAt },
      shipment: { status: 'dispatched', ...example.parcel, dispatchedAt: example.dispatchedAt },
      placedAt: example.placedAt,
      updatedAt: '2026-01-31T15:30:00.087Z',
      revision: '2',
    },
  });
export type OrderDocument = DocumentOf<typeof OrderDocument>;
