import { z } from 'zod';
import { ParkedSubject, ParkReason } from '../../domain/parking/events.ts';
import { type DocumentOf, Text, Time, WholeNumber } from '../documents/document-schema.ts';
import * as example from '../documents/example-values.ts';

/** A parked item as the query API returns it. */
export const ParkedItem = z
  .strictObject({
    id: Text,
    ...ParkedSubject.shape,
    reason: ParkReason,
    /** The error message, or what happened. */
    detail: Text,
    /** When it was parked the first and the last time, and how often. */
    firstAt: Time,
    at: Time,
    times: WholeNumber,
    status: z.enum(['parked', 'replaying']),
  })
  .meta({
    example: {
      id: '5f7c2d0a9b1e4c3d8f6a7b21',
      group: 'fulfilment',
      kind: 'event',
      stream: `order-${example.orderId}`,
      revision: '0',
      type: 'OrderPlaced',
      orderId: example.orderId,
      reason: 'retries-exhausted',
      detail: 'still failing after 10 retries: Error: the inventory did not answer',
      firstAt: '2026-01-31T11:00:00.000Z',
      at: '2026-01-31T12:00:00.000Z',
      times: 2,
      status: 'parked',
    },
  });
export type ParkedItem = DocumentOf<typeof ParkedItem>;

/** An item that is or was parked. Documents are never deleted: once the work is done or discarded, `item` is absent. */
export const ParkedDocument = z.strictObject({
  item: ParkedItem.optional(),
  /** Index keys: what the item can be filtered by, and its place in the list (`positionKey`). */
  keys: z.array(Text).optional(),
  position: Text.optional(),
});
export type ParkedDocument = DocumentOf<typeof ParkedDocument>;
