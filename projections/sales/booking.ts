import type { Amount } from '../documents/amount.ts';
import type { ShopEvent } from '../shop-event.ts';

export interface Booking {
  readonly orderId: string;
  readonly customerId: string;
  /** UTC, of the capture or the refund. */
  readonly day: string;
  readonly amount: Amount;
  readonly sign: 1 | -1;
}

/** What an event adds to a day, or takes off it; undefined when it moves no money. */
export function bookingOf(event: ShopEvent): Booking | undefined {
  switch (event.type) {
    case 'PaymentCaptured': {
      const { orderId, customerId, amount, capturedAt } = event.data;
      return { orderId, customerId, day: utcDay(capturedAt), amount, sign: 1 };
    }
    case 'PaymentRefunded': {
      const { orderId, customerId, amount, refundedAt } = event.data;
      return { orderId, customerId, day: utcDay(refundedAt), amount, sign: -1 };
    }
    default:
      return undefined;
  }
}

/** Instants are ISO 8601 in UTC, so that they begin with their day. */
const utcDay = (instant: string): string => instant.slice(0, 'YYYY-MM-DD'.length);
