import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OrderDocument } from '../../projections/orders/document.ts';
import { encodeCursor } from '../requests/cursor.ts';
import { fiveOrders } from '../testing/five-orders.ts';
import { QueryApiHarness } from '../testing/harness.ts';
import { pageOf } from './route-parts.ts';

let api: QueryApiHarness;
beforeAll(async () => {
  api = await QueryApiHarness.start(fiveOrders());
});
afterAll(() => api.stop());

const NO_FILTERS = [undefined, undefined, undefined, undefined, undefined];
const ids = (body: { items: { orderId: string }[] }) => body.items.map(({ orderId }) => orderId);

describe('GET /api/v1/orders', () => {
  it('lists the newest first, and orders of the same time by id', async () => {
    const { body } = await api.get('/api/v1/orders', 'operator');

    expect(pageOf(OrderDocument).parse(body)).toEqual(body);
    expect(ids(body)).toEqual(['o5', 'o4', 'o3', 'o2', 'o1']);
    expect(body.next).toBeNull();
  });

  it('filters by status, by customer, and by both', async () => {
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

  it('lists only their own orders for customers, with or without their customerId', async () => {
    expect(ids((await api.get('/api/v1/orders', 'customer:bob')).body)).toEqual(['o4', 'o2']);
    expect(ids((await api.get('/api/v1/orders?customerId=bob', 'customer:bob')).body)).toEqual(['o4', 'o2']);
    expect((await api.get('/api/v1/orders?customerId=ann', 'customer:bob')).status).toBe(403);
    expect(ids((await api.get('/api/v1/orders', 'customer:auth0|5f7c')).body)).toEqual([]);
  });

  it('lists each order once over all pages', async () => {
    const seen: string[][] = [];
    let path = '/api/v1/orders?limit=2';
    for (let page = 0; page < 3; page += 1) {
      const { body } = await api.get(path, 'operator');
      seen.push(ids(body));
      path = `/api/v1/orders?limit=2&cursor=${body.next}`;
    }

    expect(seen).toEqual([['o5', 'o4'], ['o3', 'o2'], ['o1']]);
  });

  it('rejects the cursor of another query', async () => {
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
    ['longer than the maximum', 'A'.repeat(9000)],
  ])('rejects a cursor: %s', async (_, cursor) => {
    const { status, body } = await api.get(`/api/v1/orders?cursor=${cursor}`, 'operator');

    expect(status).toBe(400);
    expect(body.errors[0].path).toBe('cursor');
  });

  it('accepts a forged cursor of the right form, which only changes where the page begins', async () => {
    const cursor = forged([of, '2026-03-01T12:00:00.000Z', 'o3']);
    expect((await api.get(`/api/v1/orders?cursor=${cursor}`, 'operator')).status).toBe(200);
  });

  describe('GET /api/v1/orders by time of placing', () => {
    const listed = async (query: string) => ids((await api.get(`/api/v1/orders?${query}`, 'operator')).body);

    it('lists the oldest first, and orders of the same time by id', async () => {
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
    ])('lists the orders of %s', async (query, expected) => {
      expect(await listed(query)).toEqual(expected);
    });

    it('lists each order of the time span once over all pages, in both sort orders', async () => {
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

    it('rejects the cursor of another time span or sort order', async () => {
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
  ])('rejects %s', async (query) => {
    const { status, body } = await api.get(`/api/v1/orders?${query}`, 'operator');

    expect([status, body.type]).toEqual([400, 'urn:orderstream:problem:invalid-query']);
    expect(body.errors[0].path).toBe(query.split('=')[0]);
  });
});
