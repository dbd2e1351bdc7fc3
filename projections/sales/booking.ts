import type { Amount } from '../documents/amount.ts';
import type { EventOfType } from '../shop-event.ts';

/** Money that a capture adds to a day, or a refund takes off it. */
export interface Booking {
  readonly orderId: string;
  readonly customerId: string;
  /** UTC, of the capture or the refund. */
  readonly day: string;
  readonly amount: Amount;
  readonly sign: 1 | -1;
}

export const captureOf = ({ data }: EventOfType<'PaymentCaptured'>): Booking => ({
  ...data,
  day: utcDay(data.capturedAt),
  sign: 1,
});

export const refundOf = ({ data }: EventOfType<'PaymentRefunded'>): Booking => ({
  ...data,
  day: utcDay(data.refundedAt),
  sign: -1,
});

/** Times are ISO 8601 in UTC, so they begin with their day. */
const utcDay = (time: string): string => time.slice(0, 'YYYY-MM-DD'.length);
