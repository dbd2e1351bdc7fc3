import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CustomerResponse } from '../../projections/customers/document.ts';
import { orderPlaced } from '../../projections/testing/events.ts';
import { TestLog } from '../../projections/testing/log.ts';
import { QueryApiHarness } from '../testing/harness.ts';
import { shopLog } from '../testing/shop-log.ts';
import { pageOf } from './route-parts.ts';

let api: QueryApiHarness;
beforeAll(async () => {
  api = await QueryApiHarness.start(shopLog());
});
afterAll(() => api.stop());

describe('the document of a customer', () => {
  it('is returned to operators with orders and payments', async () => {
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

  it.each(['unknown', '__proto__', 'order:o1', 'auth0%7C5f7c', 'constructor'])(
    'is 404 for %s, who has ordered nothing',
    async (id) => {
      expect((await api.get(`/api/v1/customers/${id}`, 'operator')).status).toBe(404);
    },
  );

  it('is found by a percent-encoded id', async () => {
    const { status, body } = await api.get('/api/v1/customers/auth0%7Ceve%2B1%40example.com', 'operator');
    expect([status, body.customerId]).toEqual([200, 'auth0|eve+1@example.com']);
  });

  it.each(['order%2Fo1', '..', '$all', '%00', 'a%20b'])('is 400 for the invalid id %s', async (id) => {
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

describe('the list of customers', () => {
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
  ])('lists the customers of %s', async (query, expected) => {
    expect(await found(query)).toEqual(expected);
  });

  it('comes in pages', async () => {
    const seen: string[] = [];
    for (let cursor = ''; ; ) {
      const { body } = await own.get(`/api/v1/customers?limit=2${cursor}`, 'operator');
      seen.push(...body.items.map(({ customerId }: { customerId: string }) => customerId));
      if (body.next === null) break;
      cursor = `&cursor=${body.next}`;
    }
    expect(seen).toEqual(['Ann', 'ann@example.com', 'auth0|5f7c', 'urn:uuid:0af7', 'zoe']);
  });

  it('returns all fields, or the requested ones', async () => {
    const { body } = await own.get('/api/v1/customers?query=zoe&fields=customerId,orders', 'operator');
    expect(body).toEqual({ items: [{ customerId: 'zoe', orders: 2 }], next: null });
  });

  it('is for operators only', async () => {
    expect((await own.get('/api/v1/customers', 'customer:zoe')).status).toBe(403);
    expect((await own.get('/api/v1/customers?name=zoe', 'operator')).status).toBe(400);
  });
});
