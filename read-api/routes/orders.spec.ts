import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OrderDocument } from '../../projections/orders/document.ts';
import { ordersProjection } from '../../projections/orders/projection.ts';
import { orderPlaced, paymentRequested } from '../../projections/testing/events.ts';
import { fold } from '../../projections/testing/fold.ts';
import { TestLog } from '../../projections/testing/log.ts';
import { fiveOrders } from '../testing/five-orders.ts';
import { QueryApiHarness } from '../testing/harness.ts';

let api: QueryApiHarness;
beforeAll(async () => {
  api = await QueryApiHarness.start(fiveOrders());
});
afterAll(() => api.stop());

describe('GET /api/v1/orders/:orderId', () => {
  it('returns the order as the contract describes it', async () => {
    const { status, body } = await api.get('/api/v1/orders/o1', 'customer:ann');

    expect(status).toBe(200);
    expect(OrderDocument.parse(body)).toEqual(body);
    expect(body).toMatchObject({
      orderId: 'o1',
      customerId: 'ann',
      status: 'shipped',
      total: { amount: 765, currency: 'GBP' },
      payment: { status: 'captured' },
      shipment: { status: 'dispatched', carrier: 'Post', trackingNumber: 'T1' },
      revision: '2',
    });
  });

  it('responds to another customer as if the order did not exist', async () => {
    const others = await api.get('/api/v1/orders/o1', 'customer:bob');
    const missing = await api.get('/api/v1/orders/o7', 'customer:bob');

    expect(others.status).toBe(404);
    expect(others.headers.etag).toBeUndefined();
    expect(others.body).toEqual({ ...missing.body, detail: 'there is no order "o1"' });
  });

  it.each(['operator', 'admin'])(
    'shows the orders of all customers to callers with the role %s',
    async (role) => {
      expect((await api.get('/api/v1/orders/o1', role)).status).toBe(200);
    },
  );

  it('responds with 304 to the ETag of the order, but not to another ETag or customer', async () => {
    const { headers } = await api.get('/api/v1/orders/o1', 'customer:ann');
    const etag = String(headers.etag);

    for (const tags of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const again = await api.get('/api/v1/orders/o1', 'customer:ann', { 'if-none-match': tags });
      expect([again.status, again.headers.etag, again.body]).toEqual([304, etag, undefined]);
    }
    expect((await api.get('/api/v1/orders/o1', 'customer:ann', { 'if-none-match': '"0"' })).status).toBe(200);
    expect((await api.get('/api/v1/orders/o1', 'customer:bob', { 'if-none-match': etag })).status).toBe(404);
  });

  it('has an ETag with the revision of the order that changes with its payment', async () => {
    const log = new TestLog();
    log.record('order-o1', orderPlaced('o1', [['mug', 3, 255]]));
    const own = await QueryApiHarness.start(log);
    const before = String((await own.get('/api/v1/orders/o1', 'operator')).headers.etag);
    const requested = log.record('payment-o1', paymentRequested('o1', 765));
    const orders = await own.store.generation<OrderDocument>(ordersProjection, 1);
    await orders.commit([...fold(ordersProjection, log.events).values()], requested.position);

    const { status, headers } = await own.get('/api/v1/orders/o1', 'operator', { 'if-none-match': before });
    expect([status, before, headers.etag]).toEqual([200, '"order-0.at-100.v-3"', '"order-0.at-200.v-3"']);
    await own.stop();
  });

  it.each([
    '$all',
    '..',
    '%2e%2e',
    '%00',
    '__proto__',
    'a%0ab',
    'a%2Fb',
    'o%201',
    '-o1',
    'o1%7f',
    '%F0%9F%98%80',
    '%zz',
    'x'.repeat(65),
    'order:o1',
  ])('rejects the invalid id %s with 400', async (id) => {
    const { status, headers, body } = await api.get(`/api/v1/orders/${id}`, 'operator');

    expect([status, headers['content-type']]).toEqual([400, 'application/problem+json']);
    expect(body.errors).toHaveLength(1);
  });

  it.each(['constructor', 'toString', 'x'.repeat(64)])(
    'responds with 404 to the unused id %s',
    async (id) => {
      expect((await api.get(`/api/v1/orders/${id}`, 'operator')).status).toBe(404);
    },
  );

  it('rejects unknown parameters, each by its name', async () => {
    const { status, body } = await api.get('/api/v1/orders/o1?limit=3&__proto__=x', 'operator');

    expect(status).toBe(400);
    expect(body.errors.map(({ path }: { path: string }) => path)).toEqual(['limit', '__proto__']);
  });
});
