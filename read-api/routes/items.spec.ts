import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { productId } from '../../domain/kernel/ids.ts';
import { ItemDocument } from '../../projections/items/document.ts';
import { productCreated, reservation, stockReceived } from '../../projections/testing/events.ts';
import { TestLog } from '../../projections/testing/log.ts';
import { QueryApiHarness } from '../testing/harness.ts';
import { stockedItems } from '../testing/stocked-items.ts';
import { pageOf } from './route-parts.ts';

let api: QueryApiHarness;
beforeAll(async () => {
  api = await QueryApiHarness.start(stockedItems());
});
afterAll(() => api.stop());

const ITEMS = '/api/v1/inventory/items';
const ids = (body: { items: { productId: string }[] }) => body.items.map((item) => item.productId);

describe('GET /api/v1/inventory/items/:productId', () => {
  it('returns the item with its stock to every role', async () => {
    const { status, headers, body } = await api.get(`${ITEMS}/85123A`, 'customer');

    expect(status).toBe(200);
    expect(ItemDocument.parse(body)).toEqual({
      productId: '85123A',
      name: 'Crème brûlée dish',
      price: { amount: 300, currency: 'GBP' },
      onHand: 10,
      reserved: 3,
      available: 7,
      revision: '1',
      stockRevision: '1',
    });
    expect(headers.etag).toMatch(/^"product-1\.stock-1\.v-\d+"$/);
    const etag = String(headers.etag);
    expect((await api.get(`${ITEMS}/85123A`, 'customer', { 'if-none-match': etag })).status).toBe(304);
  });

  it('distinguishes upper and lower case in ids, which may contain spaces', async () => {
    expect((await api.get(`${ITEMS}/85123a`, 'customer')).status).toBe(404);
    expect((await api.get(`${ITEMS}/red%20mug.2`, 'customer')).body.name).toBe('Red mug');
  });

  it.each(['$all', '..', '%00', '__proto__', 'listing:85123A', '%20mug', 'mug%20', 'x'.repeat(65)])(
    'rejects the invalid id %s with 400',
    async (id) => {
      expect((await api.get(`${ITEMS}/${id}`, 'operator')).status).toBe(400);
      expect((await api.get(`${ITEMS}/${id}/movements`, 'operator')).status).toBe(400);
    },
  );
});

it('items with names of maximum length are listed page by page', async () => {
  const log = new TestLog();
  for (const id of ['a', 'b', 'c']) log.record(`product-${id}`, productCreated(id, '\ufdfa'.repeat(200)));
  const own = await QueryApiHarness.start(log);
  for (const query of ['', '&maxAvailable=0', `&query=${encodeURIComponent('\ufdfa'.repeat(200))}`]) {
    const seen: string[] = [];
    let next: string | null = null;
    do {
      const cursor: string = next === null ? '' : `&cursor=${next}`;
      const { status, body } = await own.get(`${ITEMS}?limit=1${query}${cursor}`, 'customer');
      expect(status).toBe(200);
      seen.push(...ids(body));
      next = body.next;
      expect(next?.length ?? 0).toBeLessThan(512);
    } while (next !== null);
    expect(seen).toEqual(['a', 'b', 'c']);
  }
  await own.stop();
});

describe('GET /api/v1/inventory/items with maxAvailable or retired', () => {
  let own: QueryApiHarness;
  beforeAll(async () => {
    const log = new TestLog();
    for (const [id, name, stock] of [
      ['z', 'Apple', 9],
      ['y', 'Bread', 0],
      ['x', 'Carrot', 8],
      ['w', 'Dates', 2],
      ['v', 'Eggs', 1],
      ['u', 'Figs', 1000],
      ['t', 'Apple', 3],
    ] as const) {
      log.record(`product-${id}`, productCreated(id, name));
      if (stock > 0) log.record(`inventory-${id}`, stockReceived(id, stock));
    }
    log.record('inventory-z', reservation('StockReserved', 'z', 'o1', 5));
    for (const id of ['v', 'u'])
      log.record(`product-${id}`, {
        type: 'ProductRetired',
        data: { productId: productId(id), reason: 'out of season', retiredBy: 'olga' },
      });
    own = await QueryApiHarness.start(log);
  });
  afterAll(() => own.stop());
  const listed = async (query: string) => ids((await own.get(`${ITEMS}?${query}`, 'customer')).body);

  it.each([
    ['', ['t', 'z', 'y', 'x', 'w']],
    ['retired=false', ['t', 'z', 'y', 'x', 'w']],
    ['retired=true', ['v', 'u']],
    ['retired=any', ['t', 'z', 'y', 'x', 'w', 'v', 'u']],
    ['query=a', ['t', 'z']],
    ['query=e', []],
    ['query=e&retired=any', ['v']],
    ['query=e&retired=true', ['v']],
    ['query=a&retired=true', []],
    ['maxAvailable=0', ['y']],
    ['maxAvailable=1', ['y']],
    ['maxAvailable=1&retired=any', ['y', 'v']],
    ['maxAvailable=1&retired=true', ['v']],
    ['maxAvailable=2', ['y', 'w']],
    ['maxAvailable=3', ['t', 'y', 'w']],
    ['maxAvailable=4', ['t', 'z', 'y', 'w']],
    ['maxAvailable=7', ['t', 'z', 'y', 'w']],
    ['maxAvailable=8', ['t', 'z', 'y', 'x', 'w']],
    ['maxAvailable=9007199254740991&retired=any', ['t', 'z', 'y', 'x', 'w', 'v', 'u']],
    ['maxAvailable=3&query=apple', ['t']],
    ['maxAvailable=4&query=apple', ['t', 'z']],
  ])('lists the matching items by name: %s', async (query, expected) => {
    expect(await listed(query)).toEqual(expected);
  });

  it.each(['maxAvailable=4', 'retired=any', 'maxAvailable=9&retired=any', 'maxAvailable=4&query=apple'])(
    'lists each matching item once over all pages: %s',
    async (query) => {
      const seen: string[] = [];
      let next: string | null = null;
      do {
        const cursor: string = next === null ? '' : `&cursor=${next}`;
        const { body } = await own.get(`${ITEMS}?${query}&limit=1${cursor}`, 'customer');
        expect(body.items.length).toBeLessThanOrEqual(1);
        seen.push(...ids(body));
        next = body.next;
      } while (next !== null);
      expect(seen).toEqual(await listed(query));
    },
  );

  it('shows the retirement of a retired item to staff', async () => {
    const { body } = await own.get(`${ITEMS}/v`, 'operator');
    expect(ItemDocument.parse(body)).toMatchObject({
      retired: true,
      retirement: { reason: 'out of season', by: 'olga', at: '2026-03-01T12:00:15.000Z' },
    });
  });

  it('does not show customers who retired an item and why', async () => {
    const { body } = await own.get(`${ITEMS}/v`, 'customer');
    expect([body.retired, body.retirement]).toEqual([true, undefined]);
    const list = await own.get(`${ITEMS}?retired=true`, 'customer');
    expect(JSON.stringify(list.body)).not.toContain('olga');
  });

  it.each([
    'maxAvailable=-1',
    'maxAvailable=1.5',
    'maxAvailable=',
    'maxAvailable=9007199254740992',
    'retired=yes',
    'retired=',
  ])('rejects %s', async (query) => {
    expect((await own.get(`${ITEMS}?${query}`, 'customer')).status).toBe(400);
  });
});

it('the list of items has short pages when few of many items match a filter', async () => {
  const log = new TestLog();
  for (let number = 0; number < 1_100; number += 1) {
    const id = `p${10_000 + number}`;
    log.record(`product-${id}`, productCreated(id, `Mug ${id}`));
    log.record(`inventory-${id}`, stockReceived(id, number === 1_099 ? 8 : 15));
  }
  const own = await QueryApiHarness.start(log);
  for (const query of ['maxAvailable=8', 'maxAvailable=8&query=mug']) {
    const first = (await own.get(`${ITEMS}?${query}`, 'customer')).body;
    expect(first.items).toEqual([]);
    const second = (await own.get(`${ITEMS}?${query}&cursor=${first.next}`, 'customer')).body;
    expect([ids(second), second.next]).toEqual([['p11099'], null]);
  }
  await own.stop();
});

describe('GET /api/v1/inventory/items', () => {
  it('sorts items by name, ignoring case and accents', async () => {
    const { status, body } = await api.get(ITEMS, 'customer');

    expect(status).toBe(200);
    expect(pageOf(ItemDocument).parse(body)).toEqual(body);
    expect(ids(body)).toEqual(['plate', '85123A', 'red mug.2', 'tray']);
  });

  it.each([
    ['creme', ['85123A']],
    ['CRÈME', ['85123A']],
    ['dish brul', ['85123A']],
    ['85123', ['85123A']],
    ['mug', ['red mug.2']],
    ['red', ['red mug.2', 'tray']],
    ['red t', ['tray']],
    ['red nothing', []],
    ['%25', []],
    ['*', []],
    ['"; DROP TABLE documents; --', []],
    ['dishes', []],
    [' ', ['plate', '85123A', 'red mug.2', 'tray']],
    ['\u200b\u00ad', ['plate', '85123A', 'red mug.2', 'tray']],
    ['cr\u00ade\u2060me', ['85123A']],
    ['ｍｕｇ', ['red mug.2']],
  ])('a search for %s', async (search, expected) => {
    const { body } = await api.get(`${ITEMS}?query=${encodeURIComponent(search)}`, 'customer');

    expect(ids(body)).toEqual(expected);
  });

  it('lists each item once over all pages, also in a search', async () => {
    for (const [query, expected] of [
      ['', ['plate', '85123A', 'red mug.2', 'tray']],
      ['query=r', ['red mug.2', 'tray']],
    ] as const) {
      const seen: string[] = [];
      let next: string | null = null;
      do {
        const cursor: string = next === null ? '' : `&cursor=${next}`;
        const { body } = await api.get(`${ITEMS}?${query}&limit=1${cursor}`, 'customer');
        seen.push(...ids(body));
        next = body.next;
      } while (next !== null);
      expect(seen).toEqual(expected);
    }
  });

  it('rejects the cursor of another search', async () => {
    const { next } = (await api.get(`${ITEMS}?query=red&limit=1`, 'customer')).body;

    expect((await api.get(`${ITEMS}?limit=1&cursor=${next}`, 'customer')).status).toBe(400);
  });

  it('rejects a search of more than 200 characters', async () => {
    expect((await api.get(`${ITEMS}?query=${'a'.repeat(201)}`, 'customer')).status).toBe(400);
  });
});
