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

describe('creating an item', () => {
  it('answers when its opening stock is in place', async () => {
    const { status, headers, body } = await shop.post(items, { ...mug, quantity: 10 });
    expect(status).toBe(201);
    expect(body).toEqual({ ...mug, quantity: 10, revision: '0', position: expect.stringMatching(/^\d+$/) });
    expect(headers.get('etag')).toBe('"product-0.stock-0.v-4"');
    expect(headers.get('orderstream-position')).toBe(body.position);
    const [product] = await shop.eventsOf('product-85123A');
    const [stock] = await shop.eventsOf('inventory-85123A');
    expect(product?.event).toEqual({ type: 'ProductCreated', data: { ...mug, openingQuantity: 10 } });
    expect(stock?.event).toEqual({ type: 'StockOpened', data: { productId: '85123A', quantity: 10 } });
    expect(stock?.position.commit).toBe(BigInt(body.position));
  });

  it('tells in the metadata who did it, and in which story', async () => {
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

  it('without a quantity opens no stock', async () => {
    expect((await shop.post(items, mug)).body.quantity).toBe(0);
    expect(await shop.typesOf('inventory-85123A')).toEqual([]);
  });

  it('takes a name of 200 characters, whatever they are', async () => {
    expect((await shop.post(items, { ...mug, name: '🫖'.repeat(200) })).status).toBe(201);
    const { status, body } = await shop.post(items, { ...mug, name: '🫖'.repeat(201) });
    expect(status).toBe(422);
    expect(body.errors).toEqual([
      { path: 'name', message: expect.stringMatching(/1 to 200 characters.*, not "🫖/u) },
    ]);
  });

  it('that exists is 409, but not one that differs in case', async () => {
    await shop.post(items, mug);
    const again = await shop.post(items, mug);
    expect(again.status).toBe(409);
    expect(again.body.type).toBe('urn:orderstream:problem:product-exists');
    expect((await shop.post(items, { ...mug, productId: '85123a' })).status).toBe(201);
  });
});

describe('changing an item', () => {
  beforeEach(() => shop.post(items, mug));

  it('renames and reprices, each as one event', async () => {
    const { status, body, headers } = await shop.call('PATCH', `${items}/85123A`, {
      body: { name: 'RED MUG', price: { amount: 300, currency: 'GBP' } },
    });
    expect([status, headers.get('etag')]).toEqual([200, '"product-2.stock-none.v-4"']);
    expect(body).toMatchObject({ name: 'RED MUG', price: { amount: 300, currency: 'GBP' }, revision: '2' });
    expect(await shop.typesOf('product-85123A')).toEqual([
      'ProductCreated',
      'ProductRenamed',
      'ProductRepriced',
    ]);
  });

  it('to what it is appends nothing', async () => {
    const { status, body } = await shop.call('PATCH', `${items}/85123A`, { body: { name: 'WHITE MUG' } });
    expect([status, body.revision]).toEqual([200, '0']);
    expect(await shop.typesOf('product-85123A')).toEqual(['ProductCreated']);
  });

  it('is known to the next order', async () => {
    const order = { items: [{ productId: '85123A', quantity: 1 }] };
    expect((await shop.post('/api/v1/orders', order)).body.total.amount).toBe(255);
    await shop.call('PATCH', `${items}/85123A`, { body: { price: { amount: 300, currency: 'GBP' } } });
    expect((await shop.post('/api/v1/orders', order)).body.total.amount).toBe(300);
  });

  it('with a stale If-Match is 412 and does nothing', async () => {
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

  it('is received; the revision is its own', async () => {
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

  it('is adjusted, never below what is reserved', async () => {
    const taken = await shop.post(`${items}/85123A/adjustments`, { quantity: -10, reason: 'broken' });
    expect([taken.status, taken.body.onHand]).toEqual([200, 0]);
    const tooMuch = await shop.post(`${items}/85123A/adjustments`, { quantity: -1, reason: 'broken' });
    expect(tooMuch.status).toBe(409);
    expect(tooMuch.body.type).toBe('urn:orderstream:problem:stock-below-reserved');
  });

  it('honours If-Match with its own revision', async () => {
    const receive = (revision: string) =>
      shop.post(`${items}/85123A/receipts`, { quantity: 1 }, { headers: { 'if-match': revision } });
    expect((await receive('"0"')).status).toBe(200);
    expect((await receive('"0"')).status).toBe(412);
  });
});

describe('retiring an item', () => {
  beforeEach(() => shop.post(items, { ...mug, quantity: 10 }));
  const retire = (body?: unknown) => shop.post(`${items}/85123A/retire`, body);
  const restore = (body?: unknown) => shop.post(`${items}/85123A/restore`, body);
  const order = { items: [{ productId: '85123A', quantity: 1 }] };

  it('it cannot be ordered until it is restored, and the error says why', async () => {
    const { status, body } = await retire({ reason: 'out of season' });
    expect([status, body]).toEqual([
      200,
      { ...mug, retired: true, revision: '1', position: expect.stringMatching(/^\d+$/) },
    ]);
    const refused = await shop.post('/api/v1/orders', order);
    expect(refused.status).toBe(422);
    expect(refused.body.errors).toEqual([
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

  it('retiring a retired item and restoring one on sale is 200 and appends nothing', async () => {
    expect((await restore({ reason: 'never gone' })).body).toMatchObject({ revision: '0' });
    await retire();
    expect((await retire({ reason: 'once more' })).body).toMatchObject({ retired: true, revision: '1' });
    expect(await shop.typesOf('product-85123A')).toEqual(['ProductCreated', 'ProductRetired']);
  });

  it('name, price and stock can still change, and the id stays taken', async () => {
    await retire();
    const renamed = await shop.call('PATCH', `${items}/85123A`, { body: { name: 'RED MUG' } });
    expect([renamed.status, renamed.body.retired]).toEqual([200, true]);
    expect((await shop.post(`${items}/85123A/receipts`, { quantity: 1 })).status).toBe(200);
    expect((await shop.post(items, mug)).status).toBe(409);
  });

  it('an order names all retired and all unknown products', async () => {
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

  it('an order placed before, repeated with its key, gets its first response', async () => {
    const headers = { 'idempotency-key': 'k-1' };
    const first = await shop.post('/api/v1/orders', order, { headers });
    await retire();
    const again = await shop.post('/api/v1/orders', order, { headers });
    expect([again.status, again.body]).toEqual([201, first.body]);
  });

  it('needs an operator, an existing item and a reason with a visible character', async () => {
    for (const command of ['retire', 'restore']) {
      const path = `${items}/85123A/${command}`;
      expect((await shop.post(path, {}, { as: 'ann' })).status).toBe(403);
      expect((await shop.post(`${items}/absent/${command}`)).status).toBe(404);
      expect((await shop.post(path, { reason: ' ' })).status).toBe(422);
      expect((await shop.post(path, { why: 'x' })).status).toBe(422);
    }
  });
});

describe('the ETag of an item', () => {
  const tagOf = ({ headers }: { headers: Headers }) => String(headers.get('etag'));
  const match = (tag: string) => ({ headers: { 'if-match': tag } });
  const rename = (name: string, tag: string) =>
    shop.call('PATCH', `${items}/85123A`, { body: { name }, ...match(tag) });
  const receive = (tag: string) => shop.post(`${items}/85123A/receipts`, { quantity: 1 }, match(tag));
  let created: string;
  beforeEach(async () => {
    created = tagOf(await shop.post(items, { ...mug, quantity: 10 }));
  });

  it('contains product and stock, whichever of them the command changes', async () => {
    expect(created).toBe('"product-0.stock-0.v-4"');
    expect(tagOf(await shop.call('PATCH', `${items}/85123A`, { body: { name: 'A' } }))).toBe(
      '"product-1.stock-0.v-4"',
    );
    expect(tagOf(await shop.post(`${items}/85123A/receipts`, { quantity: 1 }))).toBe(
      '"product-1.stock-1.v-4"',
    );
    const adjusted = await shop.post(`${items}/85123A/adjustments`, { quantity: -1, reason: 'broken' });
    expect(tagOf(adjusted)).toBe('"product-1.stock-2.v-4"');
    expect(tagOf(await shop.post(`${items}/85123A/retire`))).toBe('"product-2.stock-2.v-4"');
    expect(tagOf(await shop.post(`${items}/85123A/restore`))).toBe('"product-3.stock-2.v-4"');
  });

  it('is rejected only when the part that the command changes has another revision', async () => {
    expect((await receive(created)).status).toBe(200);
    expect((await rename('A', created)).status).toBe(200);
    expect((await receive(created)).status).toBe(412);
    expect((await rename('B', created)).status).toBe(412);
    expect((await shop.post(`${items}/85123A/retire`, {}, match(created))).status).toBe(412);
    expect((await shop.post(`${items}/85123A/restore`, {}, match(created))).status).toBe(412);
    expect(await shop.typesOf('product-85123A')).toHaveLength(2);
    expect(await shop.typesOf('inventory-85123A')).toHaveLength(2);
  });

  it.each([
    ['*', 200],
    ['"0"', 200],
    ['"7", "0"', 200],
    ['"x" , W/"y","product-0.stock-9.v-1"', 200],
    ['W/"0"', 412],
    ['W/"product-0.stock-0.v-4"', 412],
    ['"1"', 412],
    ['"x"', 412],
    ['""', 412],
    ['"product-1.stock-0.v-4"', 412],
    ['"order-0.at-5.v-2"', 412],
    [`"${'9'.repeat(20)}"`, 412],
    ['0', 400],
    ['"0', 400],
    ['"0" "1"', 400],
    [',', 400],
  ])('If-Match: %s is %i', async (tag, status) => {
    expect((await rename('A', tag)).status).toBe(status);
    expect(await shop.typesOf('product-85123A')).toHaveLength(status === 200 ? 2 : 1);
  });

  it('says stock-none until the item has stock', async () => {
    const bare = tagOf(await shop.post(items, { ...mug, productId: 'bare' }));
    expect(bare).toBe('"product-0.stock-none.v-4"');
    const path = `${items}/bare/receipts`;
    expect((await shop.post(path, { quantity: 1 }, match('"0"'))).status).toBe(412);
    expect((await shop.post(path, { quantity: 1 }, match(bare))).status).toBe(200);
    expect((await shop.post(path, { quantity: 1 }, match(bare))).status).toBe(412);
  });

  it('is stored with the response of a keyed command', async () => {
    const options = { body: { name: 'A' }, headers: { 'idempotency-key': 'k-1' } };
    const first = await shop.call('PATCH', `${items}/85123A`, options);
    await receive('*');
    const again = await shop.call('PATCH', `${items}/85123A`, options);
    expect([again.body, tagOf(again)]).toEqual([first.body, tagOf(first)]);
  });
});

it.each([
  ['PATCH', '', { name: 'x' }],
  ['POST', '/retire', { reason: 'x' }],
  ['POST', '/restore', { reason: 'x' }],
  ['POST', '/receipts', { quantity: 1 }],
  ['POST', '/adjustments', { quantity: 1, reason: 'found' }],
])('%s of what does not exist%s is 404, whatever If-Match says', async (method, path, body) => {
  const answer = await shop.call(method, `${items}/absent${path}`, { body, headers: { 'if-match': '"4"' } });
  expect(answer.status).toBe(404);
  expect(answer.body).toMatchObject({ type: 'urn:orderstream:problem:not-found', what: 'product' });
  expect(await shop.typesOf('inventory-absent')).toEqual([]);
});

it('a change made by another process reaches the prices here', async () => {
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
