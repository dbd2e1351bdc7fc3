import { z } from 'zod';
import { type DocumentOf, Revision, Text, Time, WholeNumber } from '../documents/document-schema.ts';
import * as example from '../documents/example-values.ts';

/** One change of a product's stock. Never changes once written. */
export const MovementDocument = z.strictObject({
  productId: Text,
  /** Sorts in log order (`positionKey`). */
  position: Text,
  type: Text,
  /** Units received, adjusted (may be negative), reserved, released or committed; 0 for a rejected reservation. */
  quantity: WholeNumber,
  orderId: Text.optional(),
  reason: Text.optional(),
  /** Units that a rejected reservation requested, and units that were available. */
  requested: WholeNumber.optional(),
  available: WholeNumber.optional(),
  /** When it was recorded. */
  at: Time,
  /** Revision of the stock's stream. */
  revision: Revision,
});
export type MovementDocument = DocumentOf<typeof MovementDocument>;

/** A movement as the query API returns it: without the index keys. */
export const MovementResponse = MovementDocument.omit({ productId: true, position: true }).meta({
  example: {
    type: 'StockReserved',
    quantity: 3,
    orderId: example.orderId,
    at: '2026-01-31T12:00:00.064Z',
    revision: '1',
  },
});
export type MovementResponse = DocumentOf<typeof MovementResponse>;
