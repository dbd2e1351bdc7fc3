import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  SalesDayResponse,
  SalesOfProductResponse,
  SalesToCustomerResponse,
} from '../../projections/sales/document.ts';
import { salesProjection } from '../../projections/sales/projection.ts';
import { orderPlaced, paymentCaptured, paymentRefunded } from '../../projections/testing/events.ts';
import { TestLog } from '../../projections/testing/log.ts';
import { makeLive } from '../../read-store/testing/make-live.ts';
import { QueryApiHarness } from '../testing/harness.ts';
import { shopLog } from '../testing/shop-log.ts';
import { pageOf } from './route-parts.ts';

let api: QueryApiHarness;
beforeAll(async () => {
  api = await QueryApiHarness.start(shopLog());
});
afterAll(() => api.stop());

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

  it('are returned with all digits', async () => {
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

describe('the list of daily sales', () => {
  const day = (date: string, orders: number, units: number, amount: number) => ({
    date,
    orders,
    units,
    revenue: { amount, currency: 'GBP' },
  });
  const days = [day('2026-03-01', 1, 5, 865), day('2026-03-02', 1, 1, 255), day('2026-03-03', -1, -1, -255)];

  it('has a row per day and currency, with refunds on their own day', async () => {
    const { status, body } = await api.get('/api/v1/sales/daily', 'operator');

    expect(status).toBe(200);
    expect(pageOf(SalesDayResponse).parse(body)).toEqual({ items: days, next: null });
  });

  it.each([
    ['from=2026-03-02', days.slice(1)],
    ['to=2026-03-02', days.slice(0, 2)],
    ['from=2026-03-02&to=2026-03-02', days.slice(1, 2)],
    ['from=2026-03-03&to=2026-03-01', []],
  ])('lists the days of %s', async (query, expected) => {
    expect((await api.get(`/api/v1/sales/daily?${query}`, 'operator')).body.items).toEqual(expected);
  });

  it('comes in pages within the requested days', async () => {
    const path = '/api/v1/sales/daily?limit=1&to=2026-03-02';
    const { next } = (await api.get(path, 'operator')).body;

    expect((await api.get(`${path}&cursor=${next}`, 'operator')).body).toEqual({
      items: [days[1]],
      next: null,
    });
  });

  it.each(['from=2026-02-30', 'from=yesterday', 'to=2026-3-1', 'from='])(
    'rejects %s with 400, which is not a day',
    async (query) => {
      expect((await api.get(`/api/v1/sales/daily?${query}`, 'operator')).status).toBe(400);
    },
  );

  it.each(['daily', 'products', 'customers'])('%s: is 403 for customers', async (list) => {
    expect((await api.get(`/api/v1/sales/${list}`, 'customer')).status).toBe(403);
  });
});

describe('the list of sales by product', () => {
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

  it('has a row per day, currency and product', async () => {
    const { status, body } = await api.get(PATH, 'operator');

    expect(status).toBe(200);
    expect(pageOf(SalesOfProductResponse).parse(body).items).toEqual(
      expect.arrayContaining([...mugs, row('2026-03-01', 'tray', 1, 2, 100)]),
    );
    expect(body.items).toHaveLength(4);
    expect(body.items).toEqual([...body.items].sort(byDay));
  });

  it('can be restricted to one product and to days', async () => {
    expect((await api.get(`${PATH}?productId=mug`, 'operator')).body).toEqual({ items: mugs, next: null });
    expect(
      (await api.get(`${PATH}?productId=mug&from=2026-03-02&to=2026-03-02`, 'operator')).body.items,
    ).toEqual([mugs[1]]);
    expect((await api.get(`${PATH}?productId=nothing`, 'operator')).body.items).toEqual([]);
    expect((await api.get(`${PATH}?productId=$all`, 'operator')).status).toBe(400);
  });

  it.each([1, 2, 3])('returns every row once in pages of %i', async (limit) => {
    const all = (await api.get(PATH, 'operator')).body.items;

    expect(await walked(PATH, limit)).toEqual(all);
    expect(await walked(`${PATH}?productId=mug`, limit)).toEqual(mugs);
  });
});

describe('the list of sales by customer', () => {
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

  it('has a row per day, currency and customer, and can be restricted to one customer', async () => {
    const { status, body } = await api.get(PATH, 'operator');

    expect(status).toBe(200);
    expect(pageOf(SalesToCustomerResponse).parse(body)).toEqual({ items: all, next: null });
    expect((await api.get(`${PATH}?customerId=bob&to=2026-03-02`, 'operator')).body.items).toEqual([all[1]]);
    expect(await walked(PATH, 1)).toEqual(all);
    expect(await walked(`${PATH}?customerId=bob`, 1)).toEqual(all.slice(1));
  });
});

it('a live read model of version 1 serves daily sales; other lists of sales are 503', async () => {
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
