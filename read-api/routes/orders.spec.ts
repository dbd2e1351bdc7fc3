import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OrderDocument } from '../../projections/orders/document.ts';
import { ordersProjection } from '../../projections/orders/projection.ts';
import {
  orderConfirmed,
  orderPlaced,
  orderRejected,
  orderShipped,
  paymentCaptured,
  paymentRequested,
  productCreated,
  reservation,
  shipmentDispatched,
  shipmentRequested,
} from '../../projections/testing/events.ts';
import { fold } from '../../projections/testing/fold.ts';
import { TestLog } from '../../projections/testing/log.ts';
import { TimelineResponse } from '../../projections/timeline/document.ts';
import { encodeCursor } from '../requests/cursor.ts';
import { QueryApiHarness } from '../testing/harness.ts';
import { pageOf } from './route-parts.ts';

let api: QueryApiHarness;
beforeAll(async () => {
  api = await QueryApiHarness.start(shop());
});
afterAll(() => api.stop());

const NO_FILTERS = [undefined, undefined, undefined, undefined, undefined];
const ids = (body: { items: { orderId: string }[] }) => body.items.map(({ orderId }) => orderId);

describe('GET /api/v1/orders/:orderId', () => {
  it('the order, as the contract has it', async () => {
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

  it('another customer’s is answered as one that does not exist', async () => {
    const others = await api.get('/api/v1/orders/o1', 'customer:bob');
    const nobodys = await api.get('/api/v1/orders/o7', 'customer:bob');

    expect(others.status).toBe(404);
    expect(others.headers.etag).toBeUndefined();
    expect(others.body).toEqual({ ...nobodys.body, detail: 'there is no order "o1"' });
  });

  it.each(['operator', 'admin'])('a caller who is %s sees everybody’s', async (role) => {
    expect((await api.get('/api/v1/orders/o1', role)).status).toBe(200);
  });

  it('answers 304 to the ETag of the same order, and never to that of another', async () => {
    const { headers } = await api.get('/api/v1/orders/o1', 'customer:ann');
    const etag = String(headers.etag);

    for (const tags of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const again = await api.get('/api/v1/orders/o1', 'customer:ann', { 'if-none-match': tags });
      expect([again.status, again.headers.etag, again.body]).toEqual([304, etag, undefined]);
    }
    expect((await api.get('/api/v1/orders/o1', 'customer:ann', { 'if-none-match': '"0"' })).status).toBe(200);
    expect((await api.get('/api/v1/orders/o1', 'customer:bob', { 'if-none-match': etag })).status).toBe(404);
  });

  it('its ETag changes with its payment, and keeps the revision of the order itself', async () => {
    const log = new TestLog();
    log.record('order-o1', orderPlaced('o1', [['mug', 3, 255]]));
    const own = await QueryApiHarness.start(log);
    const before = String((await own.get('/api/v1/orders/o1', 'operator')).headers.etag);
    const requested = log.record('payment-o1', paymentRequested('o1', 765));
    const orders = await own.store.generation<OrderDocument>(ordersProjection, 1);
    await orders.commit([...fold(ordersProjection, log.events).values()], requested.position);

    const { status, headers } = await own.get('/api/v1/orders/o1', 'operator', { 'if-none-match': before });
    expect([status, before, headers.etag]).toEqual([200, '"order-0.at-100.v-2"', '"order-0.at-200.v-2"']);
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
  ])('an id such as %s is no id', async (id) => {
    const { status, headers, body } = await api.get(`/api/v1/orders/${id}`, 'operator');

    expect([status, headers['content-type']]).toEqual([400, 'application/problem+json']);
    expect(body.errors).toHaveLength(1);
  });

  it.each(['constructor', 'toString', 'x'.repeat(64)])('%s is an id that nothing has', async (id) => {
    expect((await api.get(`/api/v1/orders/${id}`, 'operator')).status).toBe(404);
  });

  it('parameters that are not known here are refused, each by name', async () => {
    const { status, body } = await api.get('/api/v1/orders/o1?limit=3&__proto__=x', 'operator');

    expect(status).toBe(400);
    expect(body.errors.map(({ path }: { path: string }) => path)).toEqual(['limit', '__proto__']);
  });
});

describe('GET /api/v1/orders', () => {
  it('newest first; the same instant by id', async () => {
    const { body } = await api.get('/api/v1/orders', 'operator');

    expect(pageOf(OrderDocument).parse(body)).toEqual(body);
    expect(ids(body)).toEqual(['o5', 'o4', 'o3', 'o2', 'o1']);
    expect(body.next).toBeNull();
  });

  it('by status, by customer, and by both', async () => {
    expect(ids((await api.get('/api/v1/orders?status=placed', 'operator')).body)).toEqual(['o5', 'o4', 'o2']);
    expect(ids((await api.get('/api/v1/orders?customerId=ann', 'operator')).body)).toEqual([
      'o5',
      'o3',
      'o1',
    ]);
    expect(ids((await api.get('/api/v1/orders?customerId=ann&status=placed', 'operator')).body)).toEqual([
      'o5',
    ]);
  });

  it('a customer’s list holds their own, asked for by id or not', async () => {
    expect(ids((await api.get('/api/v1/orders', 'customer:bob')).body)).toEqual(['o4', 'o2']);
    expect(ids((await api.get('/api/v1/orders?customerId=bob', 'customer:bob')).body)).toEqual(['o4', 'o2']);
    expect((await api.get('/api/v1/orders?customerId=ann', 'customer:bob')).status).toBe(403);
    expect(ids((await api.get('/api/v1/orders', 'customer:auth0|5f7c')).body)).toEqual([]);
  });

  it('page by page, everything once', async () => {
    const seen: string[][] = [];
    let path = '/api/v1/orders?limit=2';
    for (let page = 0; page < 3; page += 1) {
      const { body } = await api.get(path, 'operator');
      seen.push(ids(body));
      path = `/api/v1/orders?limit=2&cursor=${body.next}`;
    }

    expect(seen).toEqual([['o5', 'o4'], ['o3', 'o2'], ['o1']]);
  });

  it('a cursor goes with the query that made it', async () => {
    const { next } = (await api.get('/api/v1/orders?limit=1', 'operator')).body;
    const refused = {
      status: 400,
      body: { errors: [{ path: 'cursor', message: 'belongs to another query' }] },
    };

    expect(await api.get(`/api/v1/orders?status=placed&cursor=${next}`, 'operator')).toMatchObject(refused);
    expect(await api.get(`/api/v1/orders?cursor=${next}`, 'customer:bob')).toMatchObject(refused);
    expect(await api.get(`/api/v1/orders/o1/timeline?cursor=${next}`, 'operator')).toMatchObject(refused);
    expect((await api.get(`/api/v1/orders?limit=200&cursor=${next}`, 'operator')).status).toBe(200);
  });

  const forged = (content: unknown) => Buffer.from(JSON.stringify(content)).toString('base64url');
  const [of] = JSON.parse(
    Buffer.from(encodeCursor({ list: 'orders', filters: NO_FILTERS, keys: 2 }, []), 'base64url').toString(),
  );
  it.each([
    ['nonsense', 'nonsense'],
    ['not base64url', '%2B%2F%3D%3D'],
    ['no JSON', Buffer.from('{').toString('base64url')],
    ['another shape', forged({ position: 1 })],
    ['a null', forged(null)],
    ['objects for keys', forged([of, { $gt: '' }, 'o1'])],
    ['numbers for keys', forged([of, 1, 2])],
    ['too few keys', forged([of, 'o1'])],
    ['too many keys', forged([of, 'a', 'b', 'c'])],
    ['control characters', forged([of, 'a\u0000', 'o1'])],
    ['half a character', Buffer.from(`["${of}","\\ud800","o1"]`).toString('base64url')],
    ['more than is looked at', 'A'.repeat(9000)],
  ])('a cursor of %s is refused', async (_, cursor) => {
    const { status, body } = await api.get(`/api/v1/orders?cursor=${cursor}`, 'operator');

    expect(status).toBe(400);
    expect(body.errors[0].path).toBe('cursor');
  });

  it('a forged, well-formed cursor only changes where the page begins', async () => {
    const cursor = forged([of, '2026-03-01T12:00:00.000Z', 'o3']);
    expect((await api.get(`/api/v1/orders?cursor=${cursor}`, 'operator')).status).toBe(200);
  });

  describe('by time of placing', () => {
    const listed = async (query: string) => ids((await api.get(`/api/v1/orders?${query}`, 'operator')).body);

    it('oldest first; the same instant by id', async () => {
      expect(await listed('sort=oldest')).toEqual(['o1', 'o2', 'o3', 'o4', 'o5']);
      expect(await listed('sort=newest')).toEqual(['o5', 'o4', 'o3', 'o2', 'o1']);
      expect(await listed('sort=oldest&status=placed')).toEqual(['o2', 'o4', 'o5']);
      expect(await listed('sort=oldest&customerId=ann&status=placed')).toEqual(['o5']);
    });

    it.each([
      ['from=2026-03-02T09:00:00Z', ['o5', 'o4']],
      ['from=2026-03-02T09:00:00.001Z', []],
      ['to=2026-03-02T09:00:00Z', ['o3', 'o2', 'o1']],
      ['to=2026-03-02T09:00:00.0001Z', ['o5', 'o4', 'o3', 'o2', 'o1']],
      ['from=2026-03-01T12:00:00Z&to=2026-03-02T09:00:00Z', ['o3', 'o2', 'o1']],
      ['from=2026-03-02T10:00:00%2B01:00', ['o5', 'o4']],
      ['from=2026-03-01&to=2026-03-02&sort=oldest', ['o1', 'o2', 'o3']],
      ['from=2026-03-01&status=placed&sort=oldest', ['o2', 'o4', 'o5']],
      ['from=2026-03-02T12:00:00Z', []],
      ['from=2026-03-03&to=2026-03-01', []],
      ['to=2026-03-02&customerId=ann', ['o3', 'o1']],
      ['from=2026-03-02&customerId=ann&status=placed', ['o5']],
    ])('%s', async (query, expected) => {
      expect(await listed(query)).toEqual(expected);
    });

    it('page by page within the time span, in either order', async () => {
      for (const [sort, expected] of [
        ['oldest', ['o1', 'o2', 'o3']],
        ['newest', ['o3', 'o2', 'o1']],
      ] as const) {
        const query = `from=2026-03-01T12:00:00Z&to=2026-03-02T09:00:00Z&limit=1&sort=${sort}`;
        const seen: string[] = [];
        for (let cursor = ''; ; ) {
          const { body } = await api.get(`/api/v1/orders?${query}${cursor}`, 'operator');
          seen.push(...ids(body));
          if (body.next === null) break;
          cursor = `&cursor=${body.next}`;
        }
        expect(seen).toEqual(expected);
      }
    });

    it('a cursor is valid only for its time span and sort order', async () => {
      const { next } = (await api.get('/api/v1/orders?limit=1&sort=oldest', 'operator')).body;
      for (const query of ['', 'sort=newest&', 'sort=oldest&from=2026-03-01&', 'sort=oldest&to=2026-03-02&'])
        expect((await api.get(`/api/v1/orders?${query}cursor=${next}`, 'operator')).status).toBe(400);
    });
  });

  it.each([
    'from=yesterday',
    'from=2026-02-30',
    'from=2026-03-01T12:00:00',
    'to=',
    'to=1772366400000',
    'sort=Newest',
    'sort=',
    'limit=0',
    'limit=201',
    'limit=-1',
    'limit=1.5',
    'limit=',
    'limit=ten',
    'limit=1&limit=2',
    'status=lost',
    'status=Placed',
    'customerId=a%20b',
    'customerId=',
    'customerId=%00',
    'minPosition=x',
    'minPosition=-1',
    'minPosition=1e3',
    `minPosition=${'9'.repeat(20)}`,
    'wait=5001',
    'wait=-1',
    'query=x',
  ])('%s is refused', async (query) => {
    const { status, body } = await api.get(`/api/v1/orders?${query}`, 'operator');

    expect([status, body.type]).toEqual([400, 'urn:orderstream:problem:invalid-query']);
    expect(body.errors[0].path).toBe(query.split('=')[0]);
  });
});

describe('GET /api/v1/orders/:orderId/timeline', () => {
  it('the whole story across streams, in order', async () => {
    const { status, body } = await api.get('/api/v1/orders/o1/timeline', 'operator');

    expect(status).toBe(200);
    expect(pageOf(TimelineResponse).parse(body)).toEqual(body);
    expect(body.items.map(({ type }: { type: string }) => type)).toEqual([
      'OrderPlaced',
      'StockReserved',
      'PaymentRequested',
      'PaymentCaptured',
      'OrderConfirmed',
      'ShipmentRequested',
      'ShipmentDispatched',
      'OrderShipped',
    ]);
    expect(body.items[1]).toEqual({
      type: 'StockReserved',
      stream: 'inventory-mug',
      revision: '0',
      at: '2026-03-01T12:00:03.000Z',
      data: { productId: 'mug', orderId: 'o1', orderPosition: '100', quantity: 3 },
      causationId: 'cause-of-3',
    });
  });

  it('payment tokens are for operators', async () => {
    const own = await api.get('/api/v1/orders/o1/timeline', 'customer:ann');
    expect(own.body.items).toHaveLength(8);
    expect(JSON.stringify(own.body)).not.toMatch(/tok_|paymentToken/);
    expect(own.body.items[2].data).toMatchObject({ amount: { amount: 765, currency: 'GBP' } });

    const all = await api.get('/api/v1/orders/o1/timeline', 'operator');
    expect(all.body.items[0].data.paymentToken).toBe('tok_secret');
  });

  it('page by page, and a page of another’s is refused', async () => {
    const first = await api.get('/api/v1/orders/o1/timeline?limit=5', 'customer:ann');
    const path = `/api/v1/orders/o1/timeline?limit=5&cursor=${first.body.next}`;
    const second = await api.get(path, 'customer:ann');

    expect(second.body.items.map(({ type }: { type: string }) => type)).toEqual([
      'ShipmentRequested',
      'ShipmentDispatched',
      'OrderShipped',
    ]);
    expect(second.body.next).toBeNull();
    expect((await api.get(path, 'customer:bob')).status).toBe(404);
  });

  it('of no order, or another’s: 404', async () => {
    expect((await api.get('/api/v1/orders/o1/timeline', 'customer:bob')).status).toBe(404);
    expect((await api.get('/api/v1/orders/o7/timeline', 'operator')).status).toBe(404);
    expect((await api.get('/api/v1/orders/$all/timeline', 'operator')).status).toBe(400);
  });
});

function shop(): TestLog {
  const log = new TestLog();
  log.record('product-mug', productCreated('mug', 'Mug'));
  log.record('order-o1', orderPlaced('o1', [['mug', 3, 255]]));
  log.record('inventory-mug', reservation('StockReserved', 'mug', 'o1', 3));
  log.record('payment-o1', paymentRequested('o1', 765));
  log.record('payment-o1', paymentCaptured('o1', 765, '2026-03-01T12:30:00.000Z'));
  log.record('order-o1', orderConfirmed('o1'));
  log.record('shipment-o1', shipmentRequested('o1'));
  log.record('shipment-o1', shipmentDispatched('o1'));
  log.record('order-o1', orderShipped('o1'));
  log.record('order-o2', orderPlaced('o2', [['mug', 1, 255]], { customer: 'bob' }));
  log.record('order-o3', orderPlaced('o3', [['mug', 9, 255]]));
  log.record('order-o3', orderRejected('o3'));
  const placedAt = '2026-03-02T09:00:00.000Z';
  log.record('order-o5', orderPlaced('o5', [['mug', 1, 255]], { placedAt }));
  log.record('order-o4', orderPlaced('o4', [['mug', 1, 255]], { customer: 'bob', placedAt }));
  return log;
}
