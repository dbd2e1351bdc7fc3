import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ShopApi, shopApi } from '../testing/shop-api.ts';

let shop: ShopApi;
beforeEach(async () => {
  shop = await shopApi();
});
afterEach(() => shop.close());

const items = '/api/v1/inventory/items';
const mug = { productId: '85123A', name: 'WHITE MUG', price: { amount: 255, currency: 'GBP' } };

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
    expect(created).toBe('"product-0.stock-0.v-5"');
    expect(tagOf(await shop.call('PATCH', `${items}/85123A`, { body: { name: 'A' } }))).toBe(
      '"product-1.stock-0.v-5"',
    );
    expect(tagOf(await shop.post(`${items}/85123A/receipts`, { quantity: 1 }))).toBe(
      '"product-1.stock-1.v-5"',
    );
    const adjusted = await shop.post(`${items}/85123A/adjustments`, { quantity: -1, reason: 'broken' });
    expect(tagOf(adjusted)).toBe('"product-1.stock-2.v-5"');
    expect(tagOf(await shop.post(`${items}/85123A/retire`))).toBe('"product-2.stock-2.v-5"');
    expect(tagOf(await shop.post(`${items}/85123A/restore`))).toBe('"product-3.stock-2.v-5"');
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
    ['W/"product-0.stock-0.v-5"', 412],
    ['"1"', 412],
    ['"x"', 412],
    ['""', 412],
    ['"product-1.stock-0.v-5"', 412],
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

  it('contains stock-none until the item has stock', async () => {
    const bare = tagOf(await shop.post(items, { ...mug, productId: 'bare' }));
    expect(bare).toBe('"product-0.stock-none.v-5"');
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
