import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ShopApi, shopApi } from '../testing/shop-api.ts';

let shop: ShopApi;
beforeEach(async () => {
  shop = await shopApi();
  await shop.createItem('85123A', { amount: 250, currency: 'GBP' }, 10);
});
afterEach(() => shop.close());

const orders = '/api/v1/orders';
const receipts = '/api/v1/inventory/items/85123A/receipts';
const two = { items: [{ productId: '85123A', quantity: 2 }] };
const keyed = (key: string, as: 'ann' | 'bob' | 'operator' = 'operator') => ({
  as,
  headers: { 'idempotency-key': key },
});

describe('an order with a key', () => {
  it('is placed once, and gets the first response again', async () => {
    const first = await shop.post(orders, two, keyed('k'));
    const again = await shop.post(orders, two, keyed('k'));
    expect(first.status).toBe(201);
    expect([again.status, again.body, again.headers.get('etag')]).toEqual([
      201,
      first.body,
      first.headers.get('etag'),
    ]);
  });

  it('gets the first response also after it was confirmed and its products have other prices and currencies', async () => {
    const wanted = { items: [...two.items, { productId: 'B', quantity: 1 }] };
    await shop.createItem('B');
    const first = await shop.post(orders, wanted, keyed('k'));
    await shop.fulfil(first.body.orderId).order({ type: 'ConfirmOrder' });
    expect((await shop.post(orders, wanted, keyed('k'))).body).toEqual(first.body);
    const body = { price: { amount: 9, currency: 'EUR' } };
    await shop.call('PATCH', '/api/v1/inventory/items/B', { body });
    expect((await shop.post(orders, wanted)).status).toBe(422);
    expect((await shop.post(orders, wanted, keyed('k'))).body).toEqual(first.body);
  });

  it('differs from an order with another key, of another caller or without a key', async () => {
    const responses = await Promise.all([
      shop.post(orders, two, keyed('k')),
      shop.post(orders, two, keyed('l')),
      shop.post(orders, two, keyed('k', 'ann')),
      shop.post(orders, two),
    ]);
    expect(new Set(responses.map(({ body }) => body.orderId)).size).toBe(4);
  });

  it('is rejected with 422 for another payload, whether that could be placed or not', async () => {
    await shop.post(orders, two, keyed('k'));
    for (const productId of ['85123A', 'absent']) {
      const other = await shop.post(orders, { items: [{ productId, quantity: 3 }] }, keyed('k'));
      expect([other.status, other.body.type]).toEqual([
        422,
        'urn:orderstream:problem:idempotency-key-reused',
      ]);
    }
  });

  it('is placed once by concurrent duplicates', async () => {
    const duplicates = await Promise.all(
      Array.from({ length: 10 }, () => shop.post(orders, two, keyed('duplicate'))),
    );
    expect(new Set(duplicates.map(({ status, body }) => `${status} ${JSON.stringify(body)}`)).size).toBe(1);
    expect(await shop.typesOf(`order-${duplicates[0]?.body.orderId}`)).toEqual(['OrderPlaced']);
  });

  it('may be placed after it was rejected', async () => {
    const wanted = { items: [{ productId: 'later', quantity: 1 }] };
    expect((await shop.post(orders, wanted, keyed('k'))).status).toBe(422);
    await shop.createItem('later');
    expect((await shop.post(orders, wanted, keyed('k'))).status).toBe(201);
  });

  it('is found after its response was lost', async () => {
    shop.store.failNextAppend('answer-lost');
    const lost = await shop.post(orders, two, keyed('k'));
    expect([lost.status, lost.body.type, lost.headers.get('retry-after')]).toEqual([
      503,
      'urn:orderstream:problem:outcome-unknown',
      '5',
    ]);
    const again = await shop.post(orders, two, keyed('k'));
    expect(again.status).toBe(201);
    expect(await shop.typesOf(`order-${again.body.orderId}`)).toEqual(['OrderPlaced']);
  });

  it.each(['$all', '..', '__proto__', 'constructor', '"; drop', 'x'.repeat(255)])(
    'is placed once with the key %s',
    async (key) => {
      const first = await shop.post(orders, two, keyed(key));
      expect(first.status).toBe(201);
      expect((await shop.post(orders, two, keyed(key))).body).toEqual(first.body);
    },
  );
});

describe('a receipt with a key', () => {
  it('is executed once, also for concurrent duplicates', async () => {
    const duplicates = await Promise.all(
      Array.from({ length: 5 }, () => shop.post(receipts, { quantity: 5 }, keyed('k'))),
    );
    expect(duplicates.map(({ body }) => body.onHand)).toEqual([15, 15, 15, 15, 15]);
    await shop.post(receipts, { quantity: 1 });
    const late = await shop.post(receipts, { quantity: 5 }, keyed('k'));
    expect([late.status, late.body, late.headers.get('etag')]).toEqual([
      200,
      duplicates[0]?.body,
      '"product-0.stock-1.v-5"',
    ]);
    expect(await shop.typesOf('inventory-85123A')).toEqual(['StockOpened', 'StockReceived', 'StockReceived']);
  });

  it('is executed once for different encodings of its path', async () => {
    await shop.post(receipts, { quantity: 5 }, keyed('k'));
    const again = await shop.post('/api/v1/inventory/items/%38%35123A/receipts', { quantity: 5 }, keyed('k'));
    expect(again.body.onHand).toBe(15);
  });

  it('is rejected with 422 for another payload', async () => {
    await shop.post(receipts, { quantity: 5 }, keyed('k'));
    expect((await shop.post(receipts, { quantity: 6 }, keyed('k'))).status).toBe(422);
  });

  it('may succeed after it was rejected', async () => {
    const stale = { as: 'operator', headers: { 'idempotency-key': 'k', 'if-match': '"9"' } } as const;
    expect((await shop.post(receipts, { quantity: 5 }, stale)).status).toBe(412);
    expect((await shop.post(receipts, { quantity: 5 }, keyed('k'))).status).toBe(200);
  });
});

describe('a cancellation with a key and If-Match', () => {
  const matching = { as: 'ann', headers: { 'idempotency-key': 'k', 'if-match': '"0"' } } as const;

  it('gets its first response again, though it has changed the revision itself', async () => {
    const orderId = await shop.placeOrder();
    const first = await shop.post(`${orders}/${orderId}/cancel`, { reason: 'r' }, matching);
    const again = await shop.post(`${orders}/${orderId}/cancel`, { reason: 'r' }, matching);
    expect([first.status, again.status, again.body]).toEqual([200, 200, first.body]);
  });

  it('continues after an earlier attempt that failed half-way', async () => {
    const orderId = await shop.placeOrder();
    shop.store.failNextAppend('answer-lost', `order-${orderId}`);
    expect((await shop.post(`${orders}/${orderId}/cancel`, {}, matching)).status).toBe(503);
    const again = await shop.post(`${orders}/${orderId}/cancel`, {}, matching);
    expect([again.status, again.body.revision]).toEqual([200, '1']);
    expect(await shop.typesOf(`shipment-${orderId}`)).toEqual(['ShipmentCancelled']);
    expect(await shop.typesOf(`order-${orderId}`)).toEqual(['OrderPlaced', 'OrderCancelled']);
  });
});

it('the same request completes an item whose opening stock failed at first', async () => {
  const item = { productId: 'new', name: 'New', price: { amount: 1, currency: 'GBP' }, quantity: 7 };
  shop.store.failNextAppend('unavailable', 'inventory-new');
  expect((await shop.post('/api/v1/inventory/items', item, keyed('k'))).status).toBe(503);
  const again = await shop.post('/api/v1/inventory/items', item, keyed('k'));
  expect([again.status, again.body.quantity]).toEqual([201, 7]);
  expect(await shop.typesOf('inventory-new')).toEqual(['StockOpened']);
});
