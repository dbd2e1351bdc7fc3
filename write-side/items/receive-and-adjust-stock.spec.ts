import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ShopApi, shopApi } from '../testing/shop-api.ts';

let shop: ShopApi;
beforeEach(async () => {
  shop = await shopApi();
});
afterEach(() => shop.close());

const items = '/api/v1/inventory/items';
const mug = { productId: '85123A', name: 'WHITE MUG', price: { amount: 255, currency: 'GBP' } };

describe('the stock of an item', () => {
  beforeEach(() => shop.post(items, { ...mug, quantity: 10 }));

  it('is received; the response has the revision of the stock', async () => {
    const { status, body } = await shop.post(`${items}/85123A/receipts`, { quantity: 5 });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      productId: '85123A',
      quantity: 5,
      onHand: 15,
      reserved: 0,
      available: 15,
      revision: '1',
    });
  });

  it('is adjusted, but never below the reserved quantity', async () => {
    const taken = await shop.post(`${items}/85123A/adjustments`, { quantity: -10, reason: 'broken' });
    expect([taken.status, taken.body.onHand]).toEqual([200, 0]);
    const tooMuch = await shop.post(`${items}/85123A/adjustments`, { quantity: -1, reason: 'broken' });
    expect(tooMuch.status).toBe(409);
    expect(tooMuch.body.type).toBe('urn:orderstream:problem:stock-below-reserved');
  });

  it('compares If-Match with the revision of the stock', async () => {
    const receive = (revision: string) =>
      shop.post(`${items}/85123A/receipts`, { quantity: 1 }, { headers: { 'if-match': revision } });
    expect((await receive('"0"')).status).toBe(200);
    expect((await receive('"0"')).status).toBe(412);
  });
});
