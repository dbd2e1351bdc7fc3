import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CustomerResponse } from '../../projections/customers/document.ts';
import { PaymentDocument } from '../../projections/payments/document.ts';
import {
  SalesDayResponse,
  SalesOfProductResponse,
  SalesToCustomerResponse,
} from '../../projections/sales/document.ts';
import { salesProjection } from '../../projections/sales/projection.ts';
import { ShipmentDocument } from '../../projections/shipments/document.ts';
import {
  orderPlaced,
  paymentCaptured,
  paymentRefunded,
  paymentRequested,
  shipmentCancelled,
  shipmentDispatched,
  shipmentRequested,
} from '../../projections/testing/events.ts';
import { TestLog } from '../../projections/testing/log.ts';
import { makeLive } from '../../read-store/testing/make-live.ts';
import { QueryApiHarness } from '../testing/harness.ts';
import { pageOf } from './route-parts.ts';

let api: QueryApiHarness;
beforeAll(async () => {
  api = await QueryApiHarness.start(shop());
});
afterAll(() => api.stop());

describe('payments and shipments', () => {
  it('of one’s own order', async () => {
    const payment = await api.get('/api/v1/payments/o1', 'customer:ann');
    expect(payment.status).toBe(200);
    expect(PaymentDocument.parse(payment.body)).toEqual(payment.body);
    expect(payment.body).toMatchObject({ status: 'captured', amount: { amount: 865, currency: 'GBP' } });
    expect(JSON.stringify(payment.body)).not.toContain('tok_');

    const shipment = await api.get('/api/v1/shipments/o1', 'customer:ann');
    expect(shipment.status).toBe(200);
    expect(ShipmentDocument.parse(shipment.body)).toEqual(shipment.body);
    expect(shipment.body).toMatchObject({ status: 'requested' });
  });

  it.each(['payments', 'shipments'])('%s: 404 for another’s and for none, 304, 400', async (resource) => {
    const path = `/api/v1/${resource}/o1`;

    expect((await api.get(path, 'customer:bob')).status).toBe(404);
    expect((await api.get(`/api/v1/${resource}/o7`, 'operator')).status).toBe(404);
    expect((await api.get(`/api/v1/${resource}/$all`, 'operator')).status).toBe(400);
    const etag = String((await api.get(path, 'operator')).headers.etag);
    expect((await api.get(path, 'operator', { 'if-none-match': etag })).status).toBe(304);
  });
});

describe('payments of a status', () => {
  const listed = (query: string, role = 'operator') => api.get(`/api/v1/payments${query}`, role);

  it('those first that have been so for the longest, page by page', async () => {
    const first = await listed('?status=requested&limit=1');
    expect(pageOf(PaymentDocument).parse(first.body).items).toMatchObject([
      { orderId: 'o3', status: 'requested' },
    ]);
    const second = await listed(`?status=requested&limit=1&cursor=${first.body.next}`);
    expect(second.body).toMatchObject({ items: [{ orderId: 'o4' }], next: null });
    expect((await listed('?status=captured')).body.items).toMatchObject([{ orderId: 'o1' }]);
    expect((await listed(`?status=captured&cursor=${first.body.next}`)).status).toBe(400);
  });

  it('for operators; of a status that there is', async () => {
    expect((await listed('?status=requested', 'customer:ann')).status).toBe(403);
    for (const query of ['', '?status=lost', '?status=requested&status=captured', '?status=failed&limit=0'])
      expect([query, (await listed(query)).status]).toEqual([query, 400]);
  });
});

describe('customers', () => {
  it('what a customer has ordered and paid, for operators', async () => {
    const { status, body } = await api.get('/api/v1/customers/ann', 'operator');

    expect(status).toBe(200);
    expect(CustomerResponse.parse(body)).toMatchObject({
      customerId: 'ann',
      orders: 1,
      byStatus: { placed: 1 },
      spent: [{ amount: 865, currency: 'GBP' }],
    });
    expect((await api.get('/api/v1/customers/ann', 'customer:ann')).status).toBe(403);
  });

  it.each(['nobody', '__proto__', 'order:o1', 'auth0%7C5f7c', 'constructor'])(
    '%s has ordered nothing',
    async (id) => {
      expect((await api.get(`/api/v1/customers/${id}`, 'operator')).status).toBe(404);
    },
  );

  it('of an id that is percent-encoded in the path', async () => {
    const { status, body } = await api.get('/api/v1/customers/auth0%7Ceve%2B1%40example.com', 'operator');
    expect([status, body.customerId]).toEqual([200, 'auth0|eve+1@example.com']);
  });

  it.each(['order%2Fo1', '..', '$all', '%00', 'a%20b'])('%s is no id', async (id) => {
    expect((await api.get(`/api/v1/customers/${id}`, 'operator')).status).toBe(400);
  });
});

describe('the caller’s own summary', () => {
  it('equals what operators see of that customer', async () => {
    const own = await api.get('/api/v1/customers/me', 'customer:ann');
    const { body } = await api.get('/api/v1/customers/ann', 'operator');
    expect([own.status, own.body]).toEqual([200, body]);
    const etag = String(own.headers.etag);
    expect((await api.get('/api/v1/customers/me', 'customer:ann', { 'if-none-match': etag })).status).toBe(
      304,
    );
  });

  it('has zeros while the caller has ordered nothing, for every role', async () => {
    const empty = {
      customerId: 'dora',
      orders: 0,
      byStatus: { placed: 0, confirmed: 0, shipped: 0, delivered: 0, rejected: 0, cancelled: 0 },
      spent: [],
    };
    for (const role of ['customer:dora', 'operator:dora']) {
      const { status, body, headers } = await api.get('/api/v1/customers/me', role);
      expect([status, CustomerResponse.parse(body)]).toEqual([200, empty]);
      expect(headers.etag).toMatch(/^"\d+-none"$/);
    }
    expect((await api.get('/api/v1/customers/dora', 'operator')).status).toBe(404);
  });

  it('is not that of a customer named me, whose id is percent-encoded', async () => {
    const log = new TestLog();
    log.record('order-o1', orderPlaced('o1', [['mug', 1, 255]], { customer: 'me' }));
    const other = await QueryApiHarness.start(log);
    expect((await other.get('/api/v1/customers/me', 'operator:olga')).body).toMatchObject({
      customerId: 'olga',
    });
    expect((await other.get('/api/v1/customers/%6De', 'operator:olga')).body).toMatchObject({
      customerId: 'me',
      orders: 1,
    });
    expect((await other.get('/api/v1/customers/%6De', 'customer:ann')).status).toBe(403);
    expect((await other.get('/api/v1/customers/me', 'customer:me')).body).toMatchObject({ orders: 1 });
    await other.stop();
  });
});

describe('customers, listed', () => {
  let own: QueryApiHarness;
  const customers = ['zoe', 'Ann', 'ann@example.com', 'auth0|5f7c', 'urn:uuid:0af7'];
  beforeAll(async () => {
    const log = new TestLog();
    for (const [at, customer] of customers.entries())
      for (const again of ['a', 'b'])
        log.record(`order-o${at}${again}`, orderPlaced(`o${at}${again}`, [['mug', 1, 255]], { customer }));
    own = await QueryApiHarness.start(log);
  });
  afterAll(() => own.stop());
  const found = async (query: string) => {
    const { status, body } = await own.get(`/api/v1/customers${query}`, 'operator');
    expect([status, pageOf(CustomerResponse).safeParse(body).success]).toEqual([200, true]);
    return body.items.map(({ customerId }: { customerId: string }) => customerId);
  };

  it.each([
    ['', ['Ann', 'ann@example.com', 'auth0|5f7c', 'urn:uuid:0af7', 'zoe']],
    ['?query=ann', ['Ann', 'ann@example.com']],
    ['?query=EXAMPLE', ['ann@example.com']],
    ['?query=ann%20example', ['ann@example.com']],
    ['?query=5f7c', ['auth0|5f7c']],
    ['?query=uuid%3A0af7', ['urn:uuid:0af7']],
    ['?query=nobody', []],
    ['?query=order', []],
    ['?query=%20', ['Ann', 'ann@example.com', 'auth0|5f7c', 'urn:uuid:0af7', 'zoe']],
  ])('%s', async (query, expected) => {
    expect(await found(query)).toEqual(expected);
  });

  it('page by page', async () => {
    const seen: string[] = [];
    for (let cursor = ''; ; ) {
      const { body } = await own.get(`/api/v1/customers?limit=2${cursor}`, 'operator');
      seen.push(...body.items.map(({ customerId }: { customerId: string }) => customerId));
      if (body.next === null) break;
      cursor = `&cursor=${body.next}`;
    }
    expect(seen).toEqual(['Ann', 'ann@example.com', 'auth0|5f7c', 'urn:uuid:0af7', 'zoe']);
  });

  it('with all fields, or with some', async () => {
    const { body } = await own.get('/api/v1/customers?query=zoe&fields=customerId,orders', 'operator');
    expect(body).toEqual({ items: [{ customerId: 'zoe', orders: 2 }], next: null });
  });

  it('for operators', async () => {
    expect((await own.get('/api/v1/customers', 'customer:zoe')).status).toBe(403);
    expect((await own.get('/api/v1/customers?name=zoe', 'operator')).status).toBe(400);
  });
});

describe('sums beyond 2^53', () => {
  const LARGEST = 9_007_199_254_740_991;
  const ids = ['o1', 'o2', 'o3'];
  const whole = (text: string) => text.match(/"amount":(-?\d+)/)?.[1];
  const started = async (refunded: readonly string[]) => {
    const log = new TestLog();
    for (const id of ids) {
      log.record(`order-${id}`, orderPlaced(id, [['mug', 1, LARGEST]]));
      log.record(`payment-${id}`, paymentCaptured(id, LARGEST, '2026-03-01T12:30:00.000Z'));
    }
    for (const id of refunded)
      log.record(`payment-${id}`, paymentRefunded(id, LARGEST, '2026-03-02T12:30:00.000Z'));
    return QueryApiHarness.start(log);
  };

  it('keep all their digits in responses', async () => {
    const own = await started(['o1']);
    expect(whole(await own.text('/api/v1/customers/ann', 'operator'))).toBe('18014398509481982');
    expect(whole(await own.text('/api/v1/customers/me', 'customer:ann'))).toBe('18014398509481982');
    expect(whole(await own.text('/api/v1/customers', 'operator'))).toBe('18014398509481982');
    for (const list of ['daily', 'products', 'customers']) {
      const path = `/api/v1/sales/${list}?to=2026-03-01`;
      expect(whole(await own.text(path, 'operator'))).toBe('27021597764222973');
      const refunds = `/api/v1/sales/${list}?from=2026-03-02&fields=revenue`;
      expect(whole(await own.text(refunds, 'operator'))).toBe('-9007199254740991');
    }
    await own.stop();
  });

  it('are 0 after everything is refunded', async () => {
    const own = await started(ids);
    expect(whole(await own.text('/api/v1/customers/ann', 'operator'))).toBe('0');
    const { body } = await own.get('/api/v1/sales/daily', 'operator');
    expect(body.items.map(({ orders }: { orders: number }) => orders)).toEqual([3, -3]);
    expect(whole(await own.text('/api/v1/sales/daily?from=2026-03-02', 'operator'))).toBe(
      '-27021597764222973',
    );
    await own.stop();
  });
});

describe('shipments, listed', () => {
  let own: QueryApiHarness;
  beforeAll(async () => {
    const log = new TestLog();
    for (const id of ['o1', 'o2', 'o3', 'o4']) log.record(`order-${id}`, orderPlaced(id, [['mug', 1, 255]]));
    for (const id of ['o3', 'o1', 'o2']) log.record(`shipment-${id}`, shipmentRequested(id));
    log.record('shipment-o4', shipmentCancelled('o4'));
    log.record('shipment-o1', shipmentDispatched('o1'));
    own = await QueryApiHarness.start(log);
  });
  afterAll(() => own.stop());

  it.each([
    ['', ['o3', 'o1', 'o2', 'o4']],
    ['?sort=oldest', ['o3', 'o1', 'o2', 'o4']],
    ['?sort=newest', ['o4', 'o2', 'o1', 'o3']],
    ['?status=requested', ['o3', 'o2']],
    ['?status=requested&sort=newest', ['o2', 'o3']],
    ['?status=cancelled', ['o4']],
    ['?status=delivered', []],
  ])('%s, the oldest request first unless the newest are asked for', async (query, expected) => {
    const seen: string[] = [];
    for (let cursor = ''; ; ) {
      const path = `/api/v1/shipments${query}${query === '' ? '?' : '&'}limit=1${cursor}`;
      const { status, body } = await own.get(path, 'operator');
      expect([status, pageOf(ShipmentDocument).safeParse(body).success]).toEqual([200, true]);
      seen.push(...body.items.map(({ orderId }: { orderId: string }) => orderId));
      if (body.next === null) break;
      cursor = `&cursor=${body.next}`;
    }
    expect(seen).toEqual(expected);
  });

  it('for operators; of a status that there is', async () => {
    expect((await own.get('/api/v1/shipments', 'customer:ann')).status).toBe(403);
    for (const query of ['status=lost', 'status=', 'sort=first', 'customerId=ann'])
      expect((await own.get(`/api/v1/shipments?${query}`, 'operator')).status).toBe(400);
  });
});

describe('daily sales', () => {
  const day = (date: string, orders: number, units: number, amount: number) => ({
    date,
    orders,
    units,
    revenue: { amount, currency: 'GBP' },
  });
  const days = [day('2026-03-01', 1, 5, 865), day('2026-03-02', 1, 1, 255), day('2026-03-03', -1, -1, -255)];

  it('a row per day and currency, refunds on their own day', async () => {
    const { status, body } = await api.get('/api/v1/sales/daily', 'operator');

    expect(status).toBe(200);
    expect(pageOf(SalesDayResponse).parse(body)).toEqual({ items: days, next: null });
  });

  it.each([
    ['from=2026-03-02', days.slice(1)],
    ['to=2026-03-02', days.slice(0, 2)],
    ['from=2026-03-02&to=2026-03-02', days.slice(1, 2)],
    ['from=2026-03-03&to=2026-03-01', []],
  ])('%s', async (query, expected) => {
    expect((await api.get(`/api/v1/sales/daily?${query}`, 'operator')).body.items).toEqual(expected);
  });

  it('page by page within the bounds', async () => {
    const path = '/api/v1/sales/daily?limit=1&to=2026-03-02';
    const { next } = (await api.get(path, 'operator')).body;

    expect((await api.get(`${path}&cursor=${next}`, 'operator')).body).toEqual({
      items: [days[1]],
      next: null,
    });
  });

  it.each(['from=2026-02-30', 'from=yesterday', 'to=2026-3-1', 'from='])('%s is no day', async (query) => {
    expect((await api.get(`/api/v1/sales/daily?${query}`, 'operator')).status).toBe(400);
  });

  it.each(['daily', 'products', 'customers'])('%s: not for customers', async (list) => {
    expect((await api.get(`/api/v1/sales/${list}`, 'customer')).status).toBe(403);
  });
});

describe('sales by product', () => {
  const PATH = '/api/v1/sales/products';
  const row = (date: string, productId: string, orders: number, units: number, amount: number) => ({
    date,
    productId,
    name: `the ${productId}`,
    orders,
    units,
    revenue: { amount, currency: 'GBP' },
  });
  const mugs = [
    row('2026-03-01', 'mug', 1, 3, 765),
    row('2026-03-02', 'mug', 1, 1, 255),
    row('2026-03-03', 'mug', -1, -1, -255),
  ];
  const byDay = (a: { date: string }, b: { date: string }) => (a.date < b.date ? -1 : 1);

  it('a row per day, currency and product', async () => {
    const { status, body } = await api.get(PATH, 'operator');

    expect(status).toBe(200);
    expect(pageOf(SalesOfProductResponse).parse(body).items).toEqual(
      expect.arrayContaining([...mugs, row('2026-03-01', 'tray', 1, 2, 100)]),
    );
    expect(body.items).toHaveLength(4);
    expect(body.items).toEqual([...body.items].sort(byDay));
  });

  it('of one product, within days', async () => {
    expect((await api.get(`${PATH}?productId=mug`, 'operator')).body).toEqual({ items: mugs, next: null });
    expect(
      (await api.get(`${PATH}?productId=mug&from=2026-03-02&to=2026-03-02`, 'operator')).body.items,
    ).toEqual([mugs[1]]);
    expect((await api.get(`${PATH}?productId=nothing`, 'operator')).body.items).toEqual([]);
    expect((await api.get(`${PATH}?productId=$all`, 'operator')).status).toBe(400);
  });

  it.each([1, 2, 3])('everything once in pages of %i', async (limit) => {
    const all = (await api.get(PATH, 'operator')).body.items;

    expect(await walked(PATH, limit)).toEqual(all);
    expect(await walked(`${PATH}?productId=mug`, limit)).toEqual(mugs);
  });
});

describe('sales by customer', () => {
  const PATH = '/api/v1/sales/customers';
  const row = (date: string, customerId: string, orders: number, units: number, amount: number) => ({
    date,
    customerId,
    orders,
    units,
    revenue: { amount, currency: 'GBP' },
  });
  const all = [
    row('2026-03-01', 'ann', 1, 5, 865),
    row('2026-03-02', 'bob', 1, 1, 255),
    row('2026-03-03', 'bob', -1, -1, -255),
  ];

  it('a row per day, currency and customer; of one of them', async () => {
    const { status, body } = await api.get(PATH, 'operator');

    expect(status).toBe(200);
    expect(pageOf(SalesToCustomerResponse).parse(body)).toEqual({ items: all, next: null });
    expect((await api.get(`${PATH}?customerId=bob&to=2026-03-02`, 'operator')).body.items).toEqual([all[1]]);
    expect(await walked(PATH, 1)).toEqual(all);
    expect(await walked(`${PATH}?customerId=bob`, 1)).toEqual(all.slice(1));
  });
});

it('while version 1 of the model serves, days are answered from it, and what it lacks is away', async () => {
  const { store } = api;
  const first = {
    name: 'sales',
    indexes: [{ name: 'byDay', fields: ['date', 'revenue.currency'], direction: 'ascending' }],
  } as const;
  const day = { date: '2026-03-01', orders: 1, units: 3, revenue: { amount: 765, currency: 'GBP' } };
  const generation = await store.generation<object>(first, 7);
  const documents = [
    { id: 'order:o1', position: 1n, body: { ordered: 3 } },
    { id: 'day:2026-03-01:GBP', position: 2n, body: day },
  ];
  await generation.commit(documents, { commit: 2n, prepare: 2n });
  await makeLive(store, first, 7, 1);

  expect((await api.get('/api/v1/sales/daily', 'operator')).body).toEqual({ items: [day], next: null });
  for (const list of ['products', 'customers'])
    expect((await api.get(`/api/v1/sales/${list}`, 'operator')).status).toBe(503);
  await makeLive(store, salesProjection, 1);
});

/** All entries of a list, page by page. */
async function walked(path: string, limit: number): Promise<unknown[]> {
  const items: unknown[] = [];
  let next: string | null = '';
  while (next !== null) {
    const cursor: string = next === '' ? '' : `&cursor=${next}`;
    const { body } = await api.get(
      `${path}${path.includes('?') ? '&' : '?'}limit=${limit}${cursor}`,
      'operator',
    );
    items.push(...body.items);
    next = body.next;
  }
  return items;
}

function shop(): TestLog {
  const log = new TestLog();
  log.record(
    'order-o1',
    orderPlaced('o1', [
      ['mug', 3, 255],
      ['tray', 2, 50],
    ]),
  );
  log.record('payment-o1', paymentRequested('o1', 865));
  log.record('payment-o1', paymentCaptured('o1', 865, '2026-03-01T12:30:00.000Z'));
  log.record('shipment-o1', shipmentRequested('o1'));
  log.record('order-o2', orderPlaced('o2', [['mug', 1, 255]], { customer: 'bob' }));
  const encoded = { customer: 'auth0|eve+1@example.com' };
  log.record('order-o9', orderPlaced('o9', [['mug', 1, 255]], encoded));
  log.record('payment-o2', paymentCaptured('o2', 255, '2026-03-02T00:00:00.000Z', 'bob'));
  log.record('payment-o2', paymentRefunded('o2', 255, '2026-03-03T00:00:00.000Z', 'bob'));
  for (const id of ['o3', 'o4']) log.record(`payment-${id}`, paymentRequested(id, 255, 'cleo'));
  return log;
}
