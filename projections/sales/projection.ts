import type { Amount } from '../amount.ts';
import type { Lookup, Projection } from '../projection.ts';
import type { ShopEvent } from '../shop-event.ts';
import { dayId, isDay, type SalesBody, type SalesDay, unitsId } from './document.ts';

/** Sales by UTC day of capture and currency; refunds are taken off on their own day. */
export const salesProjection: Projection<SalesBody, ShopEvent> = {
  name: 'sales',
  version: 1,
  indexes: [{ name: 'byDay', fields: ['date', 'revenue.currency'], direction: 'ascending' }],

  eventTypes: ['OrderPlaced', 'PaymentCaptured', 'PaymentRefunded'],

  touches: ({ event }) => {
    if (event.type === 'OrderPlaced') return [unitsId(event.data.orderId)];
    const booking = bookingOf(event);
    return booking === undefined
      ? []
      : [unitsId(booking.orderId), dayId(booking.date, booking.amount.currency)];
  },

  evolve: (lookup, { event }): ReadonlyMap<string, SalesBody> => {
    if (event.type === 'OrderPlaced') {
      const ordered = event.data.lines.reduce((units, { quantity }) => units + quantity, 0);
      return new Map([[unitsId(event.data.orderId), { ordered }]]);
    }
    const booking = bookingOf(event);
    return booking === undefined ? new Map() : booked(lookup, booking);
  },
};

interface Booking {
  readonly orderId: string;
  readonly date: string;
  readonly amount: Amount;
  readonly sign: 1 | -1;
}

function bookingOf(event: ShopEvent): Booking | undefined {
  switch (event.type) {
    case 'PaymentCaptured': {
      const { orderId, amount, capturedAt } = event.data;
      return { orderId, date: utcDay(capturedAt), amount, sign: 1 };
    }
    case 'PaymentRefunded': {
      const { orderId, amount, refundedAt } = event.data;
      return { orderId, date: utcDay(refundedAt), amount, sign: -1 };
    }
    default:
      return undefined;
  }
}

/** Instants are ISO 8601 in UTC, so that they begin with their day. */
const utcDay = (instant: string): string => instant.slice(0, 'YYYY-MM-DD'.length);

function booked(
  lookup: Lookup<SalesBody>,
  { orderId, date, amount, sign }: Booking,
): ReadonlyMap<string, SalesBody> {
  const { currency } = amount;
  const id = dayId(date, currency);
  const found = lookup(id);
  const day = found !== undefined && isDay(found) ? found : emptyDay(date, currency);
  const order = lookup(unitsId(orderId));
  const units = order === undefined || isDay(order) ? 0 : order.ordered;
  const next: SalesDay = {
    date,
    orders: day.orders + sign,
    units: day.units + sign * units,
    revenue: { amount: day.revenue.amount + sign * amount.amount, currency },
  };
  return new Map([[id, next]]);
}

const emptyDay = (date: string, currency: string): SalesDay => ({
  date,
  orders: 0,
  units: 0,
  revenue: { amount: 0, currency },
});
