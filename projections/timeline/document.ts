import { z } from 'zod';
import { type DocumentOf, Revision, Text, Time, WholeNumber } from '../documents/document-schema.ts';
import * as example from '../documents/example-values.ts';

/**
 * One stored event of an order's timeline. An order has many, so names and values are short and nothing is stored twice.
 * `entryOf` in `stored-entry.ts` converts it to an entry. Never changes once written.
 */
export const TimelineDocument = z.strictObject({
  orderId: Text,
  /** Sorts in log order (`shortKey`). */
  position: Text,
  /** Type. */
  e: Text,
  /** Stream; the order's id in it is shortened. */
  s: Text,
  /** Revision. */
  r: Revision,
  /** When it was recorded, in milliseconds since 1970. */
  t: WholeNumber,
  /** Data; the order's id is shortened in every text. */
  d: z.record(Text, z.unknown()),
  /** Causation id. */
  c: Text,
  /** Id of the event; entries of version 2 have none. */
  i: Text.optional(),
});
export type TimelineDocument = DocumentOf<typeof TimelineDocument>;

/** One event of an order's timeline, of any stream. */
export const TimelineEntry = z.strictObject({
  orderId: Text,
  /** Key of its position (`positionKey`). */
  position: Text,
  /** Id of the event: the `causationId` of the events that it led to. */
  id: Text.optional(),
  type: Text,
  stream: Text,
  /** Revision of that stream. */
  revision: Revision,
  /** When it was recorded. */
  at: Time,
  data: z.record(Text, z.unknown()),
  causationId: Text,
});
export type TimelineEntry = DocumentOf<typeof TimelineEntry>;

/** An entry as the query API returns it. */
export const TimelineResponse = TimelineEntry.omit({ orderId: true, position: true }).meta({
  example: {
    id: '7f1d3b52-2a60-8f0e-9c1e-5d7c1b2a9e44',
    type: 'OrderConfirmed',
    stream: `order-${example.orderId}`,
    revision: '1',
    at: '2026-01-31T12:00:00.164Z',
    data: { orderId: example.orderId, customerId: example.customerId },
    causationId: '0b7d2f6e-5d0a-4d4e-9d53-2f1f5a6b7c80',
  },
});
