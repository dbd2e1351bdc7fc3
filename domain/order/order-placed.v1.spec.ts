import { expect, it } from 'vitest';
import { OrderPlaced } from './events.ts';
import { OrderPlacedV1, orderPlacedV1 } from './order-placed.v1.ts';

const placed = {
  orderId: 'o-1',
  customerId: 'ann',
  lines: [
    {
      productId: '85123A',
      name: 'Paper lantern',
      quantity: 3,
      unitPrice: { amount: 255, currency: 'GBP' },
      lineTotal: { amount: 765, currency: 'GBP' },
    },
  ],
  total: { amount: 765, currency: 'GBP' },
  paymentToken: 'tok_ok',
  placedAt: '2026-01-31T12:00:00.000Z',
};

it('an order placed by version 1 is an order without an address', () => {
  expect(OrderPlacedV1.parse(placed)).toEqual(placed);
  expect(OrderPlaced.schema.parse(orderPlacedV1.upcast(placed))).toEqual(placed);
});
