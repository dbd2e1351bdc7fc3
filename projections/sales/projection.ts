import type { Lookup, Projection } from '../projection.ts';
import type { ShopEvent } from '../shop-event.ts';
import { type Booking, bookingOf } from './booking.ts';
import {
  type CustomerSales,
  customerDayId,
  type DaySales,
  dayId,
  type OrderedLines,
  orderId,
  type SalesBody,
  SHELVES,
  shelfId,
} from './document.ts';
import { shelvesWith } from './shelves.ts';
import { nothing, plus, type Sold } from './sold.ts';

/** Sales by UTC day of capture and currency, in all, by customer and by product; refunds on their own day. */
export const salesProjection: Projection<SalesBody, ShopEvent> = {
  name: 'sales',
  version: 2,
  indexes: [
    { name: 'byDate', fields: ['kind', 'date', 'currency'], direction: 'ascending' },
    { name: 'byCustomer', fields: ['customerId', 'date', 'currency'], direction: 'ascending' },
    { name: 'byShelf', fields: ['shelf', 'date', 'currency'], direction: 'ascending' },
  ],

  eventTypes: ['OrderPlaced', 'PaymentCaptured', 'PaymentRefunded'],

  touches: ({ event }) => {
    if (event.type === 'OrderPlaced') return [orderId(event.data.orderId)];
    const booking = bookingOf(event);
    if (booking === undefined) return [];
    const { date, amount, customerId } = booking;
    const shelves = Array.from({ length: SHELVES }, (_, shelf) => shelfId(date, amount.currency, shelf));
    return [
      orderId(booking.orderId),
      dayId(date, amount.currency),
      customerDayId(date, amount.currency, customerId),
      ...shelves,
    ];
  },

  evolve: (lookup, { event }): ReadonlyMap<string, SalesBody> => {
    if (event.type === 'OrderPlaced') return new Map([[orderId(event.data.orderId), orderedLines(event)]]);
    const booking = bookingOf(event);
    return booking === undefined ? new Map() : booked(lookup, booking);
  },
};

function orderedLines({ data }: Extract<ShopEvent, { type: 'OrderPlaced' }>): OrderedLines {
  const lines = data.lines.map(({ productId, name, quantity, lineTotal }) => ({
    productId,
    name,
    units: quantity,
    amount: lineTotal.amount,
  }));
  return { kind: 'order', lines };
}

function booked(lookup: Lookup<SalesBody>, booking: Booking): Map<string, SalesBody> {
  const { date, customerId, sign } = booking;
  const { currency, amount } = booking.amount;
  const order = lookup(orderId(booking.orderId));
  const lines = order?.kind === 'order' ? order.lines : [];
  const units = lines.reduce((sum, line) => sum + line.units, 0);
  const by: Sold = { orders: sign, units: sign * units, amount: sign * amount };

  const inAllId = dayId(date, currency);
  const inAll = lookup(inAllId);
  const day: DaySales = { kind: 'day', date, currency, ...plus(inAll?.kind === 'day' ? inAll : nothing, by) };

  const hisId = customerDayId(date, currency, customerId);
  const his = lookup(hisId);
  const customer: CustomerSales = {
    kind: 'customer',
    customerId,
    date,
    currency,
    ...plus(his?.kind === 'customer' ? his : nothing, by),
  };
  return new Map<string, SalesBody>([
    [inAllId, day],
    [hisId, customer],
    ...shelvesWith(lookup, booking, lines),
  ]);
}
