import { defineProjection, type EventHandler } from '../define-projection.ts';
import type { Lookup } from '../projection.ts';
import type { EventOfType } from '../shop-event.ts';
import { type Booking, captureOf, refundOf } from './booking.ts';
import { customerDayId, dayId, isDay, type OrderedLines, ofKind, orderId, SalesBody } from './document.ts';
import { bookInBuckets, bucketIds } from './product-buckets.ts';
import { addSales, noSales, type SalesFigures, signed } from './sales-figures.ts';

/** Sales by UTC day of capture and currency: in all, by customer and by product. A refund counts on its own day. */
export const salesProjection = defineProjection({
  name: 'sales',
  version: 3,
  document: SalesBody,
  indexes: [
    { name: 'byDay', fields: ['date', 'revenue.currency'], direction: 'ascending' },
    { name: 'byKind', fields: ['kind', 'day', 'currency'], direction: 'ascending' },
    { name: 'byCustomer', fields: ['customerId', 'day', 'currency'], direction: 'ascending' },
    { name: 'byShelf', fields: ['shelf', 'day', 'currency'], direction: 'ascending' },
  ],
  on: {
    OrderPlaced: {
      touches: ({ event }) => [orderId(event.data.orderId)],
      evolve: (_, { event }) => new Map([[orderId(event.data.orderId), orderedLines(event)]]),
    },
    PaymentCaptured: book(captureOf),
    PaymentRefunded: book(refundOf),
  },
});

function orderedLines({ data }: EventOfType<'OrderPlaced'>): OrderedLines {
  const lines = data.lines.map(({ productId, name, quantity, lineTotal }) => ({
    productId,
    name,
    units: quantity,
    amount: lineTotal.amount.toString(),
  }));
  return { kind: 'order', lines };
}

/** Returns a handler that books a capture or a refund. */
function book<Event extends EventOfType<'PaymentCaptured' | 'PaymentRefunded'>>(
  bookingOf: (event: Event) => Booking,
): EventHandler<SalesBody, Event> {
  return {
    touches: ({ event }) => {
      const { orderId: order, customerId, day, amount } = bookingOf(event);
      return [
        orderId(order),
        dayId(day, amount.currency),
        customerDayId(day, amount.currency, customerId),
        ...bucketIds(day, amount.currency),
      ];
    },
    evolve: (lookup, { event }) => changedBy(lookup, bookingOf(event)),
  };
}

function changedBy(lookup: Lookup<SalesBody>, booking: Booking): Map<string, SalesBody> {
  const { day, customerId, sign } = booking;
  const { currency, amount } = booking.amount;
  const lines = ofKind('order', lookup(orderId(booking.orderId)))?.lines ?? [];
  const units = lines.reduce((sum, line) => sum + line.units, 0);
  const more: SalesFigures = { orders: sign, units: sign * units, amount: signed(sign, amount) };

  const totalId = dayId(day, currency);
  const { amount: revenue, ...total } = addSales(salesOn(lookup(totalId)), more);
  const customerSalesId = customerDayId(day, currency, customerId);
  const customerSales = addSales(ofKind('customer', lookup(customerSalesId)) ?? noSales, more);
  return new Map<string, SalesBody>([
    [totalId, { date: day, ...total, revenue: { amount: revenue, currency } }],
    [customerSalesId, { kind: 'customer', customerId, day, currency, ...customerSales }],
    ...bookInBuckets(lookup, booking, lines),
  ]);
}

const salesOn = (body: SalesBody | undefined): SalesFigures =>
  body !== undefined && isDay(body) ? { ...body, amount: body.revenue.amount } : noSales;
