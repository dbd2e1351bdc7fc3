import { expect, it } from 'vitest';
import { StockCommitted, StockReleased, StockReservationRefused, StockReserved } from './events.ts';
import { reservationFromV1 } from './reservations.v1.ts';

const v1 = { productId: '71053', orderId: 'o-1', placedAt: '2010-12-01T08:26:00.000Z' };
const current = { productId: '71053', orderId: 'o-1', orderPosition: null };

it.each([
  [StockReserved, { quantity: 3 }],
  [StockReleased, { quantity: 0 }],
  [StockCommitted, { quantity: 3 }],
  [StockReservationRefused, { requested: 3, available: 1, cause: 'short' }],
])('upcasts version 1 of $type to the current version, without an order position', ({ schema }, rest) => {
  expect(schema.parse(reservationFromV1({ ...v1, ...rest }))).toEqual({ ...current, ...rest });
});
