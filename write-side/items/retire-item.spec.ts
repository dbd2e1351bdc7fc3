import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ShopApi, shopApi } from '../testing/shop-api.ts';

let shop: ShopApi;
beforeEach(async () => {
  shop = await shopApi();
});
afterEach(() => shop.close());

const items = '/api/v1/inventory/items';
const mug = { productId: '85123A', name: 'WHITE MUG', price: { amount: 255, currency: 'GBP' } };

describe('retiring an item', () => {
  beforeEach(() => shop.post(items, { ...mug, quantity: 10 }));
  const retire = (body?: unknown) => shop.post(`${items}/85123A/retire`, body);
  const restore = (body?: unknown) => shop.post(`${items}/85123A/restore`, body);
  const order = { items: [{ productId: '85123A', quantity: 1 }] };

  it('rejects orders with the reason until the item is restored', async () => {
    const { status, body } = await retire({ reason: 'out of season' });
    expect([status, body]).toEqual([
      200,
      { ...mug, retired: true, revision: '1', position: expect.stringMatching(/^\d+$/) },
    ]);
    const rejected = await shop.post('/api/v1/orders', order);
    expect(rejected.status).toBe(422);
    expect(rejected.body.errors).toEqual([
      { path: 'items.0.productId', message: 'product "85123A" is retired and cannot be ordered' },
    ]);
    const restored = await restore();
    expect(restored.body).toEqual({ ...mug, revision: '2', position: expect.any(String) });
    expect((await shop.post('/api/v1/orders', order)).status).toBe(201);
    const [, first, second] = await shop.eventsOf('product-85123A');
    expect([first?.event, second?.event]).toEqual([
      {
        type: 'ProductRetired',
        data: { productId: '85123A', reason: 'out of season', retiredBy: 'olga' },
      },
      { type: 'ProductRestored', data: { productId: '85123A', restoredBy: 'olga' } },
    ]);
  });

  it('responds 200 and appends nothing if the item is retired, or on sale, already', async () => {
    expect((await restore({ reason: 'never gone' })).body).toMatchObject({ revision: '0' });
    await retire();
    expect((await retire({ reason: 'once more' })).body).toMatchObject({ retired: true, revision: '1' });
    expect(await shop.typesOf('product-85123A')).toEqual(['ProductCreated', 'ProductRetired']);
  });

  it('allows changes of name, price and stock, and keeps the id taken', async () => {
    await retire();
    const renamed = await shop.call('PATCH', `${items}/85123A`, { body: { name: 'RED MUG' } });
    expect([renamed.status, renamed.body.retired]).toEqual([200, true]);
    expect((await shop.post(`${items}/85123A/receipts`, { quantity: 1 })).status).toBe(200);
    expect((await shop.post(items, mug)).status).toBe(409);
  });

  it('names each retired and each unknown product of an order', async () => {
    await shop.createItem('other');
    await retire();
    const { body } = await shop.post('/api/v1/orders', {
      items: ['other', '85123A', 'absent'].map((productId) => ({ productId, quantity: 1 })),
    });
    expect(body.errors.map(({ path }: { path: string }) => path)).toEqual([
      'items.1.productId',
      'items.2.productId',
    ]);
  });

  it('returns the first response for an earlier order that is repeated with its key', async () => {
    const headers = { 'idempotency-key': 'k-1' };
    const first = await shop.post('/api/v1/orders', order, { headers });
    await retire();
    const again = await shop.post('/api/v1/orders', order, { headers });
    expect([again.status, again.body]).toEqual([201, first.body]);
  });

  it('requires an operator, an existing item and a reason with a visible character', async () => {
    for (const command of ['retire', 'restore']) {
      const path = `${items}/85123A/${command}`;
      expect((await shop.post(path, {}, { as: 'ann' })).status).toBe(403);
      expect((await shop.post(`${items}/absent/${command}`)).status).toBe(404);
      expect((await shop.post(path, { reason: ' ' })).status).toBe(422);
      expect((await shop.post(path, { why: 'x' })).status).toBe(422);
    }
  });
});
