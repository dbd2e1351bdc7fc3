import { expect, it } from 'vitest';
import { FulfilmentStarted } from './events.ts';
import { startedFromV1 } from './started.v1.ts';

const order = {
  orderId: 'o-1',
  customerId: '17850',
  lines: [{ productId: '71053', quantity: 6 }],
  total: { amount: 2034, currency: 'GBP' },
  paymentToken: 'tok_ok',
};

it('upcasts version 1 of FulfilmentStarted to the current version, without an order position', () =>
  expect(
    FulfilmentStarted.schema.parse(startedFromV1({ ...order, placedAt: '2010-12-01T08:26:00.000Z' })),
  ).toEqual({ ...order, orderPosition: null }));
