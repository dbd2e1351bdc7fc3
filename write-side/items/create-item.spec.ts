import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ShopApi, shopApi } from '../testing/shop-api.ts';

let shop: ShopApi;
beforeEach(async () => {
  shop = await shopApi();
});
afterEach(() => shop.close());

const items = '/api/v1/inventory/items';
const mug = { productId: '85123A', name: 'WHITE MUG', price: { amount: 255, currency: 'GBP' } };

describe('creating an item', () => {
  it('responds after the opening stock is recorded', async () => {
    const { status, headers, body } = await shop.post(items, { ...mug, quantity: 10 });
    expect(status).toBe(201);
    expect(body).toEqual({ ...mug, quantity: 10, revision: '0', position: expect.stringMatching(/^\d+$/) });
    expect(headers.get('etag')).toBe('"product-0.stock-0.v-5"');
    expect(headers.get('orderstream-position')).toBe(body.position);
    const [product] = await shop.eventsOf('product-85123A');
    const [stock] = await shop.eventsOf('inventory-85123A');
    expect(product?.event).toEqual({ type: 'ProductCreated', data: { ...mug, openingQuantity: 10 } });
    expect(stock?.event).toEqual({ type: 'StockOpened', data: { productId: '85123A', quantity: 10 } });
    expect(stock?.position.commit).toBe(BigInt(body.position));
  });

  it('records actor, correlation, request and trace in the metadata', async () => {
    await shop.post(items, { ...mug, quantity: 1 }, { headers: { 'x-request-id': 'r-7' } });
    for (const stream of ['product-85123A', 'inventory-85123A']) {
      const [recorded] = await shop.eventsOf(stream);
      expect(recorded?.metadata).toMatchObject({
        $correlationId: '85123A',
        actor: { sub: 'olga', role: 'operator' },
        requestId: 'r-7',
        traceparent: expect.stringMatching(/^00-/),
      });
    }
  });

  it('opens no stock without a quantity', async () => {
    expect((await shop.post(items, mug)).body.quantity).toBe(0);
    expect(await shop.typesOf('inventory-85123A')).toEqual([]);
  });

  it('accepts a name of 200 characters of any kind, and no longer one', async () => {
    expect((await shop.post(items, { ...mug, name: '🫖'.repeat(200) })).status).toBe(201);
    const { status, body } = await shop.post(items, { ...mug, name: '🫖'.repeat(201) });
    expect(status).toBe(422);
    expect(body.errors).toEqual([
      { path: 'name', message: expect.stringMatching(/1 to 200 characters.*, not "🫖/u) },
    ]);
  });

  it('rejects an existing id with 409, but not one that differs in case', async () => {
    await shop.post(items, mug);
    const again = await shop.post(items, mug);
    expect(again.status).toBe(409);
    expect(again.body.type).toBe('urn:orderstream:problem:product-exists');
    expect((await shop.post(items, { ...mug, productId: '85123a' })).status).toBe(201);
  });
});
