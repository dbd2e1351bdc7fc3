import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../../event-store/testing/eventually.ts';
import { type ShopApi, shopApi } from '../testing/shop-api.ts';

let shop: ShopApi;
beforeEach(async () => {
  shop = await shopApi();
});
afterEach(() => shop.close());

const items = '/api/v1/inventory/items';
const mug = { productId: '85123A', name: 'WHITE MUG', price: { amount: 255, currency: 'GBP' } };

describe('changing an item', () => {
  beforeEach(() => shop.post(items, mug));

  it('renames and reprices with one event each', async () => {
    const { status, body, headers } = await shop.call('PATCH', `${items}/85123A`, {
      body: { name: 'RED MUG', price: { amount: 300, currency: 'GBP' } },
    });
    expect([status, headers.get('etag')]).toEqual([200, '"product-2.stock-none.v-5"']);
    expect(body).toMatchObject({ name: 'RED MUG', price: { amount: 300, currency: 'GBP' }, revision: '2' });
    expect(await shop.typesOf('product-85123A')).toEqual([
      'ProductCreated',
      'ProductRenamed',
      'ProductRepriced',
    ]);
  });

  it('appends nothing for the current values', async () => {
    const { status, body } = await shop.call('PATCH', `${items}/85123A`, { body: { name: 'WHITE MUG' } });
    expect([status, body.revision]).toEqual([200, '0']);
    expect(await shop.typesOf('product-85123A')).toEqual(['ProductCreated']);
  });

  it('determines the price of the next order', async () => {
    const order = { items: [{ productId: '85123A', quantity: 1 }] };
    expect((await shop.post('/api/v1/orders', order)).body.total.amount).toBe(255);
    await shop.call('PATCH', `${items}/85123A`, { body: { price: { amount: 300, currency: 'GBP' } } });
    expect((await shop.post('/api/v1/orders', order)).body.total.amount).toBe(300);
  });

  it('is rejected with 412 for a stale If-Match', async () => {
    const headers = { 'if-match': '"0"' };
    expect((await shop.call('PATCH', `${items}/85123A`, { body: { name: 'A' }, headers })).status).toBe(200);
    const late = await shop.call('PATCH', `${items}/85123A`, { body: { name: 'B' }, headers });
    expect(late.status).toBe(412);
    expect(late.body).toMatchObject({ type: 'urn:orderstream:problem:stale-revision', revision: '1' });
    expect(await shop.typesOf('product-85123A')).toHaveLength(2);
  });
});

it.each([
  ['PATCH', '', { name: 'x' }],
  ['POST', '/retire', { reason: 'x' }],
  ['POST', '/restore', { reason: 'x' }],
  ['POST', '/receipts', { quantity: 1 }],
  ['POST', '/adjustments', { quantity: 1, reason: 'found' }],
])('%s of an unknown item%s is rejected with 404, with any If-Match', async (method, path, body) => {
  const response = await shop.call(method, `${items}/absent${path}`, {
    body,
    headers: { 'if-match': '"4"' },
  });
  expect(response.status).toBe(404);
  expect(response.body).toMatchObject({ type: 'urn:orderstream:problem:not-found', what: 'product' });
  expect(await shop.typesOf('inventory-absent')).toEqual([]);
});

it('a change made by another process determines the price of the next order', async () => {
  await shop.post(items, mug);
  const other = shop.store.connectAgain();
  await other.append(
    'product-85123A',
    [
      {
        event: {
          type: 'ProductRepriced',
          data: { productId: '85123A', price: { amount: 1, currency: 'GBP' } },
        },
        metadata: {
          $correlationId: '85123A',
          $causationId: 'c',
          commandId: 'c',
          actor: { sub: 'otto', role: 'operator' },
        },
      },
    ],
    0n,
  );
  await eventually(async () => {
    const { body } = await shop.post('/api/v1/orders', { items: [{ productId: '85123A', quantity: 1 }] });
    expect(body.total.amount).toBe(1);
  });
});
