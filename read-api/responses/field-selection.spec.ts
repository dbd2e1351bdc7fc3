import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  orderPlaced,
  paymentCaptured,
  productCreated,
  stockReceived,
} from '../../projections/testing/events.ts';
import { TestLog } from '../../projections/testing/log.ts';
import { QueryApiHarness } from '../testing/harness.ts';

let api: QueryApiHarness;
beforeAll(async () => {
  const log = new TestLog();
  log.record('product-mug', productCreated('mug', 'Mug'));
  log.record('inventory-mug', stockReceived('mug', 5));
  log.record('order-o1', orderPlaced('o1', [['mug', 1, 255]]));
  log.record('payment-o1', paymentCaptured('o1', 255, '2026-03-01T12:30:00.000Z'));
  api = await QueryApiHarness.start(log);
});
afterAll(() => api.stop());

const get = (path: string, headers = {}) => api.get(`/api/v1/${path}`, 'operator', headers);

it.each([
  ['orders/o1', 'status,orderId', { orderId: 'o1', status: 'placed' }],
  ['inventory/items/mug', 'onHand', { onHand: 5 }],
  ['payments/o1', 'status,status', { status: 'captured' }],
  ['customers/ann', 'orders', { orders: 1 }],
])('a response for %s has only the requested fields %s', async (path, fields, expected) => {
  expect(await get(`${path}?fields=${fields}`)).toMatchObject({ status: 200, body: expected });
  expect((await get(`${path}?fields=${fields}`)).body).toEqual(expected);
});

it.each([
  ['orders', 'orderId', { orderId: 'o1' }],
  ['orders/o1/timeline', 'type', { type: 'OrderPlaced' }],
  ['inventory/items', 'name', { name: 'Mug' }],
  ['inventory/items/mug/movements', 'quantity', { quantity: 5 }],
  ['sales/daily', 'revenue', { revenue: { amount: 255, currency: 'GBP' } }],
  ['sales/products', 'productId,units', { productId: 'mug', units: 1 }],
  ['projections', 'name,status', { name: 'orders', status: 'live' }],
  ['sales/customers', 'customerId', { customerId: 'ann' }],
])('each entry of a list for %s has only the requested fields %s', async (path, fields, first) => {
  expect((await get(`${path}?fields=${fields}`)).body.items[0]).toEqual(first);
});

it('a requested field that the order does not have yet is absent', async () => {
  expect((await get('orders/o1?fields=rejection')).body).toEqual({});
});

it('a response with any requested fields has the ETag of the whole document', async () => {
  const etag = String((await get('orders/o1?fields=status')).headers.etag);

  expect((await get('orders/o1?fields=status', { 'if-none-match': etag })).status).toBe(304);
});

it.each(['colour', 'status,', ',status', 'status,colour', 'constructor', '__proto__', '', '*'])(
  'fields=%s is rejected with the names of the fields that exist',
  async (fields) => {
    const { status, body } = await get(`orders/o1?fields=${fields}`);

    expect(status).toBe(400);
    expect(body.errors).toEqual([
      { path: 'fields', message: expect.stringContaining('among orderId, customerId, status, items, total') },
    ]);
  },
);
