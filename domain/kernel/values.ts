import { z } from 'zod';

/** An instant as ISO 8601 in UTC, e.g. `2010-12-01T08:26:00.000Z`. */
export const Instant = z.iso.datetime();

/** A log position in decimal digits: the commit part of an event's position. */
export const LogPosition = z.string().regex(/^\d+$/, 'a log position is a whole number in decimal digits');

export const ProductName = z.string().min(1).max(200);
export const ProductDescription = z.string().min(1).max(2000);
/** The https address of a picture. */
export const ImageUrl = z.string().min(1).max(2000);
/** Units of stock. */
export const Units = z.int().min(0).max(Number.MAX_SAFE_INTEGER);
export const SignedUnits = z.int().min(-Number.MAX_SAFE_INTEGER).max(Number.MAX_SAFE_INTEGER);
export const Reason = z.string().min(1).max(500);

/** The kinds of contradictions between the provider or the carrier and the record. */
export const ExceptionKind = z.enum([
  'dispatched-after-cancel',
  'dispatched-twice',
  'captured-after-cancel',
  'captured-after-rejection',
  'captured-twice',
  'declined-after-capture',
  'failed-after-capture',
  'refunded-twice',
]);
export type ExceptionKind = z.output<typeof ExceptionKind>;

/** A product whose stock was short when an order was to be reserved. */
export const Shortage = z.strictObject({ productId: z.string(), requested: Units, available: Units });
export type Shortage = z.output<typeof Shortage>;
