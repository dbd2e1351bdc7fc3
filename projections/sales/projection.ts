import type { Lookup, Projection } from '../projection.ts';
import type { ShopEvent } from '../shop-event.ts';
import { type Booking, bookingOf } from './booking.ts';
import {
  customerDayId,
  dayId,
  isDay,
  type OrderedLines,
  ofKind,
  orderId,
  type SalesBody,
  SHELVES,
  shelfId,
} from './document.ts';
import { shelvesWith } from './product-buckets.ts';
import { nothing, plus, type Sold, signed } from './sales-figures.ts';

/** Sales by UTC day of capture and currency, in all, by customer and by product; refunds on their own day. */
export const salesProjection: Projection<SalesBody, ShopEvent> = {
  name: 'sales',
  version: 3,
  indexes: [
    { name: 'byDay', fields: ['date', 'revenue.currency'], direction: 'ascending' },
    { name: 'byKind', fields: ['kind', 'day', 'currency'], direction: 'ascending' },
    { name: 'byCustomer', fields: ['customerId', 'day', 'currency'], direction: 'ascending' },
    { name: 'byShelf', fields: ['shelf', 'day', 'currency'], direction: 'ascending' },
  ],

  eventTypes: ['OrderPlaced', 'PaymentCaptured', 'PaymentRefunded'],

  touches: ({ event }) => {
    if (event.type === 'OrderPlaced') return [orderId(event.data.orderId)];
    const booking = bookingOf(event);
    if (booking === undefined) return [];
    const { day, amount, customerId } = booking;
    const shelves = Array.from({ length: SHELVES }, (_, shelf) => shelfId(day, amount.currency, shelf));
    return [
      orderId(booking.orderId),
      dayId(day, amount.currency),
      customerDayId(day, amount.currency, customerId),
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
    amount: lineTotal.amount.toString(),
  }));
  return { kind: 'order', lines };
}

function booked(lookup: Lookup<SalesBody>, booking: Booking): Map<string, SalesBody> {
  const { day, customerId, sign } = booking;
  const { currency, amount } = booking.amount;
  const lines = ofKind('order', lookup(orderId(booking.orderId)))?.lines ?? [];
  const units = lines.reduce((sum, line) => sum + line.units, 0);
  const by: Sold = { orders: sign, units: sign * units, amount: signed(sign, amount) };

  const inAllId = dayId(day, currency);
  const { amount: revenue, ...sums } = plus(soldOn(lookup(inAllId)), by);
  const hisId = customerDayId(day, currency, customerId);
  const his = plus(ofKind('customer', lookup(hisId)) ?? nothing, by);
  return new Map<string, SalesBody>([
    [inAllId, { date: day, ...sums, revenue: { amount: revenue, currency } }],
    [hisId, { kind: 'customer', customerId, day, currency, ...his }],
    ...shelvesWith(lookup, booking, lines),
  ]);
}

const soldOn = (body: SalesBody | undefined): Sold =>
  body !== undefined && isDay(body) ? { ...body, amount: body.revenue.amount } : nothing;
