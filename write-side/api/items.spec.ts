import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { eventually } from '../../event-store/testing/eventually.ts';
import { type ShopApi, shopApi } from './testing/shop-api.ts';

let shop: ShopApi;
beforeEach(async () => {
  shop = await shopApi();
});
afterEach(() => shop.close());

const items = '/api/v1/inventory/items';
const mug = { productId: '85123A', name: 'WHITE MUG', price: { amount: 255, currency: 'GBP' } };

describe('creating an item', () => {
  test('answers when its opening stock is in place', async () => {
    const { status, headers, body } = await shop.post(items, { ...mug, quantity: 10 });
    expect(status).toBe(201);
    expect(body).toEqual({ ...mug, quantity: 10, revision: '0', position: expect.stringMatching(/^\d+$/) });
    expect(headers.get('etag')).toBe('"0"');
    expect(headers.get('orderstream-position')).toBe(body.position);
    const [product] = await shop.eventsOf('product-85123A');
    const [stock] = await shop.eventsOf('inventory-85123A');
    expect(product?.event).toEqual({ type: 'ProductCreated', data: { ...mug, openingQuantity: 10 } });
    expect(stock?.event).toEqual({ type: 'StockOpened', data: { productId: '85123A', quantity: 10 } });
    expect(stock?.position.commit).toBe(BigInt(body.position));
  });

  test('tells in the metadata who did it, and in which story', async () => {
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

  test('without a quantity opens no stock', async () => {
    expect((await shop.post(items, mug)).body.quantity).toBe(0);
    expect(await shop.typesOf('inventory-85123A')).toEqual([]);
  });

  test('takes a name of 200 characters, whatever they are', async () => {
    expect((await shop.post(items, { ...mug, name: '🫖'.repeat(200) })).status).toBe(201);
    const { status, body } = await shop.post(items, { ...mug, name: '🫖'.repeat(201) });
    expect(status).toBe(422);
    expect(body.errors).toEqual([
      { path: 'name', message: expect.stringMatching(/1 to 200 characters.*, not "🫖/u) },
    ]);
  });

  test('that exists is 409, but not one that differs in case', async () => {
    await shop.post(items, mug);
    const again = await shop.post(items, mug);
    expect(again.status).toBe(409);
    expect(again.body.type).toBe('urn:orderstream:problem:product-exists');
    expect((await shop.post(items, { ...mug, productId: '85123a' })).status).toBe(201);
  });
});

describe('changing an item', () => {
  beforeEach(() => shop.post(items, mug));

  test('renames and reprices, each as one event', async () => {
    const { status, body, headers } = await shop.call('PATCH', `${items}/85123A`, {
      body: { name: 'RED MUG', price: { amount: 300, currency: 'GBP' } },
    });
    expect([status, headers.get('etag')]).toEqual([200, '"2"']);
    expect(body).toMatchObject({ name: 'RED MUG', price: { amount: 300, currency: 'GBP' }, revision: '2' });
    expect(await shop.typesOf('product-85123A')).toEqual([
      'ProductCreated',
      'ProductRenamed',
      'ProductRepriced',
    ]);
  });

  test('to what it is appends nothing', async () => {
    const { status, body } = await shop.call('PATCH', `${items}/85123A`, { body: { name: 'WHITE MUG' } });
    expect([status, body.revision]).toEqual([200, '0']);
    expect(await shop.typesOf('product-85123A')).toEqual(['ProductCreated']);
  });

  test('is known to the next order', async () => {
    const order = { items: [{ productId: '85123A', quantity: 1 }] };
    expect((await shop.post('/api/v1/orders', order)).body.total.amount).toBe(255);
    await shop.call('PATCH', `${items}/85123A`, { body: { price: { amount: 300, currency: 'GBP' } } });
    expect((await shop.post('/api/v1/orders', order)).body.total.amount).toBe(300);
  });

  test('with a stale If-Match is 412 and does nothing', async () => {
    const headers = { 'if-match': '"0"' };
    expect((await shop.call('PATCH', `${items}/85123A`, { body: { name: 'A' }, headers })).status).toBe(200);
    const late = await shop.call('PATCH', `${items}/85123A`, { body: { name: 'B' }, headers });
    expect(late.status).toBe(412);
    expect(late.body).toMatchObject({ type: 'urn:orderstream:problem:stale-revision', revision: '1' });
    expect(await shop.typesOf('product-85123A')).toHaveLength(2);
  });
});

describe('stock', () => {
  beforeEach(() => shop.post(items, { ...mug, quantity: 10 }));

  test('is received; the revision is its own', async () => {
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

  test('is adjusted, never below what is reserved', async () => {
    const taken = await shop.post(`${items}/85123A/adjustments`, { quantity: -10, reason: 'broken' });
    expect([taken.status, taken.body.onHand]).toEqual([200, 0]);
    const tooMuch = await shop.post(`${items}/85123A/adjustments`, { quantity: -1, reason: 'broken' });
    expect(tooMuch.status).toBe(409);
    expect(tooMuch.body.type).toBe('urn:orderstream:problem:stock-below-reserved');
  });

  test('honours If-Match with its own revision', async () => {
    const receive = (revision: string) =>
      shop.post(`${items}/85123A/receipts`, { quantity: 1 }, { headers: { 'if-match': revision } });
    expect((await receive('"0"')).status).toBe(200);
    expect((await receive('"0"')).status).toBe(412);
  });
});

test.each([
  ['PATCH', '', { name: 'x' }],
  ['POST', '/receipts', { quantity: 1 }],
  ['POST', '/adjustments', { quantity: 1, reason: 'found' }],
])('%s of what does not exist%s is 404, whatever If-Match says', async (method, path, body) => {
  const answer = await shop.call(method, `${items}/absent${path}`, { body, headers: { 'if-match': '"4"' } });
  expect(answer.status).toBe(404);
  expect(answer.body).toMatchObject({ type: 'urn:orderstream:problem:not-found', what: 'product' });
  expect(await shop.typesOf('inventory-absent')).toEqual([]);
});

test('a change made by another process reaches the prices here', async () => {
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
