import type { EventOf } from '../../domain/kernel/event.ts';
import type { OrderPlaced } from '../../domain/order/events.ts';
import type { ProductCreated } from '../../domain/product/events.ts';
import { MAX_PRODUCTS } from '../../write-side/orders/price-lines.ts';

// The largest inputs that the APIs accept. They are parsed from JSON each time, as events from the store are: no two share a text.

const largeId = (number: number) => `${number}`.padEnd(64, 'x');
/** Characters of four bytes, on the wire and in memory. */
const LARGE_NAME = '😀'.repeat(200);
/** A thousand of these are just below 2^53; V8 does not store them as small integers. */
const price = { amount: 9_000_000_000_000, currency: 'GBP' };

const lines = Array.from({ length: MAX_PRODUCTS }, (_, number) => ({
  productId: largeId(number),
  name: LARGE_NAME,
  quantity: 1,
  unitPrice: price,
  lineTotal: price,
}));
export const largeToken = 't'.repeat(255);
export const largeReason = '😀'.repeat(500);
export const largeSub = 's'.repeat(128);
const order = {
  customerId: largeId(1),
  lines,
  total: { amount: MAX_PRODUCTS * price.amount, currency: 'GBP' },
  paymentToken: largeToken,
  placedAt: '2026-01-05T10:00:00.000Z',
};
const json = JSON.stringify(order);

/** Returns an order of a thousand lines. */
export const largestOrder = (orderId: string): EventOf<typeof OrderPlaced>['data'] => ({
  ...JSON.parse(json),
  orderId,
});

const fulfilment = JSON.stringify({
  ...order,
  lines: lines.map(({ productId, quantity }) => ({ productId, quantity })),
});
const short = JSON.stringify(
  lines.map(({ productId, quantity }) => ({ productId, requested: quantity, available: 0 })),
);

/** Returns the events of an order's fulfilment when no line is in stock. */
export const largestFulfilment = (orderId: string) => [
  { type: 'FulfilmentStarted', data: { ...JSON.parse(fulfilment), orderId } },
  { type: 'StockShort', data: { orderId, short: JSON.parse(short) } },
];

const shipment = JSON.stringify({
  customerId: largeId(1),
  reason: largeReason,
  cancelledBy: largeSub,
});

/** Returns the event with the longest texts of all small states. */
export const largestShipment = (orderId: string) => [
  { type: 'ShipmentCancelled', data: { ...JSON.parse(shipment), orderId } },
];

export const largestProduct = (productId: string): EventOf<typeof ProductCreated> => ({
  type: 'ProductCreated',
  data: JSON.parse(JSON.stringify({ productId, name: LARGE_NAME, price, openingQuantity: 0 })),
});
export const largestProductId = largeId;
