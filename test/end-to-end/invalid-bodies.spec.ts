import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { HttpResponse } from '../support/http.ts';
import { type SharedSystem, useSharedShop } from '../support/shared-systems/use-shared-shop.ts';
import { gbp, type ShopClient } from '../support/shop.ts';
import { waitForStatus } from '../support/wait-until.ts';
import { untilReady } from './helpers/until-ready.ts';

const MAX_AMOUNT = Number.MAX_SAFE_INTEGER;

/** Returns the paths of the invalid fields in a 422 response, without repetition. */
const invalidFields = ({ body }: HttpResponse): string[] => {
  const paths: string[] = body.errors.map(({ path }: { path: string }) => path);
  return [...new Set(paths)].sort();
};

describe('an invalid request body', () => {
  let system: SharedSystem;
  let shop: ShopClient;
  beforeAll(async () => {
    ({ system, shop } = await useSharedShop());
    await shop.createItem('mug', 1_000);
    await shop.createItem('tea', 1_000, { amount: 100, currency: 'EUR' });
    await shop.createItem('palace', 10, gbp(MAX_AMOUNT));
  });
  afterAll(() => system.release());
  afterEach(() => untilReady(system.commandUrl));

  const mug = (quantity: unknown) => ({ items: [{ productId: 'mug', quantity }] });
  const raw = (text: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
    shop.place(undefined, { raw: text, headers });

  describe('as JSON', () => {
    it.each([
      ['truncated JSON', '{"items": [', 400],
      ['no content', '', 400],
      ['bytes that are not UTF-8', new Uint8Array([0x22, 0xff, 0xfe, 0x22]), 400],
      ['a list', '[]', 422],
      ['null', 'null', 422],
      ['nested 500,000 deep', '['.repeat(500_000) + ']'.repeat(500_000), 422],
      [
        'the key __proto__',
        '{"__proto__": {"items": []}, "items": [{"productId": "mug", "quantity": 1}]}',
        422,
      ],
      ['the key constructor', '{"constructor": 1, "items": [{"productId": "mug", "quantity": 1}]}', 422],
      [
        'the key __proto__ further in',
        '{"items": [{"__proto__": {}, "productId": "mug", "quantity": 1}]}',
        422,
      ],
      ['a number beyond the range of numbers', '{"items": [{"productId": "mug", "quantity": 1e400}]}', 422],
    ])('with %s is rejected', async (_, text, status) => {
      const answer = await raw(text);
      expect(answer).toMatchObject({
        status,
        body: { status, type: expect.any(String), title: expect.any(String) },
      });
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
    });

    it('of more than 1 MiB is 413, also when it is compressed', async () => {
      const large = JSON.stringify({ items: [], padding: 'x'.repeat(2 * 1024 * 1024) });
      expect(await raw(large)).toMatchObject({ status: 413, body: { status: 413 } });
      const compressed = new Uint8Array(gzipSync(large));
      expect((await raw(compressed, { 'content-encoding': 'gzip' })).status).toBe(413);
    });

    it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/json; charset=latin1', 'json'])(
      'with the content type %s is 415',
      async (type) => {
        expect(await raw('{}', { 'content-type': type })).toMatchObject({
          status: 415,
          body: { status: 415 },
        });
      },
    );

    it('with several invalid fields names each of them', async () => {
      const answer = await shop.place({
        items: [{ productId: 'mug' }, { productId: 'mug', quantity: '2', gift: true }],
        payment: { token: 7 },
        discount: 10,
      });
      expect(answer.status).toBe(422);
      expect(invalidFields(answer)).toEqual([
        'discount',
        'items.0.quantity',
        'items.1.gift',
        'items.1.quantity',
        'payment.token',
      ]);
    });
  });

  describe('an order', () => {
    it.each([0, -1, 1.5, 1_000_001, 1e300, '3', null, true, [1]])('of %j units is 422', async (quantity) => {
      const answer = await shop.place(mug(quantity));
      expect(answer.status).toBe(422);
      expect(invalidFields(answer)).toEqual(['items.0.quantity']);
    });

    it('without lines is 422', async () => {
      const answer = await shop.place({ items: [] });
      expect(answer.status).toBe(422);
      expect(invalidFields(answer)).toEqual(['items']);
    });

    it('of unknown products is 422 and names them', async () => {
      const items = [
        ...mug(1).items,
        { productId: 'unicorn', quantity: 1 },
        { productId: 'MUG', quantity: 1 },
      ];
      const answer = await shop.place({ items });
      expect(answer).toMatchObject({ status: 422, body: { detail: expect.stringMatching(/unicorn.*MUG/) } });
      expect(invalidFields(answer)).toEqual(['items.1.productId', 'items.2.productId']);
    });

    it('in two currencies is 422 and names them', async () => {
      const items = [...mug(1).items, { productId: 'tea', quantity: 1 }];
      const { status, body } = await shop.place({ items });
      expect(status).toBe(422);
      expect(body.detail).toMatch(/tea.*EUR.*GBP/);
    });

    it('with a total above 2^53-1 is 422, with exactly 2^53-1 it is placed', async () => {
      const palace = { productId: 'palace', quantity: 1 };
      for (const items of [[{ ...palace, quantity: 2 }], [palace, ...mug(1).items]])
        expect(await shop.place({ items })).toMatchObject({ status: 422 });
      expect(await shop.place({ items: [palace] })).toMatchObject({
        status: 201,
        body: { total: gbp(MAX_AMOUNT) },
      });
    });

    it('with one product in several lines adds up their quantities, to at most 1,000,000', async () => {
      const twice = (a: number, b: number) => ({ items: [...mug(a).items, ...mug(b).items] });
      expect(await shop.place(twice(2, 3))).toMatchObject({
        status: 201,
        body: { total: gbp(1250), items: [{ productId: 'mug', quantity: 5 }] },
      });
      expect(await shop.place(twice(1_000_000, 1))).toMatchObject({ status: 422 });
    });

    it('of 1,000 products is placed, of 1,001 is 422', async () => {
      const ids = Array.from({ length: 1_000 }, (_, n) => `p${n}`);
      // At most 50 at a time: on a slow machine, the API rejects more concurrent commands as overload.
      for (let n = 0; n < ids.length; n += 50)
        await Promise.all(ids.slice(n, n + 50).map((productId) => shop.createItem(productId, 0, gbp(1))));
      const items = ids.map((productId) => ({ productId, quantity: 1 }));

      const tooMany = await shop.place({ items: [...items, ...mug(1).items] });
      expect(tooMany).toMatchObject({ status: 422, body: { detail: expect.stringMatching(/1,?000/) } });
      expect(invalidFields(tooMany)).toEqual(['items']);

      const placed = await shop.place({ items });
      expect(placed).toMatchObject({ status: 201, body: { total: gbp(1_000) } });
      const { rejection } = await waitForStatus(system, placed.body.orderId, 'rejected');
      expect(rejection.short).toHaveLength(1_000);
    });
  });

  describe('an item', () => {
    const item = { productId: 'lamp', name: 'Lamp', price: gbp(100) };
    it.each([
      ['price.amount', { price: gbp(0) }],
      ['price.amount', { price: gbp(-1) }],
      ['price.amount', { price: gbp(0.5) }],
      ['price.amount', { price: gbp(2 ** 53) }],
      ['price.currency', { price: { amount: 1, currency: 'pounds' } }],
      ['price.currency', { price: { amount: 1 } }],
      ['price.vat', { price: { ...gbp(1), vat: 20 } }],
      ['price', { price: 100 }],
      ['quantity', { quantity: -1 }],
      ['quantity', { quantity: 0.5 }],
      ['name', { name: '' }],
      ['name', { name: 'x'.repeat(201) }],
      ['name', { name: 'a\u0000b' }],
      ['name', { name: 'a\nb' }],
      ['name', { name: 'half \ud800 of one' }],
      ['productId', { productId: '' }],
      ['productId', { productId: '$all' }],
      ['productId', { productId: '..' }],
      ['productId', { productId: '__proto__' }],
      ['productId', { productId: 'a/b' }],
      ['productId', { productId: 'a\u0000' }],
      ['productId', { productId: ' a' }],
      ['productId', { productId: 'a ' }],
      ['productId', { productId: 'x'.repeat(65) }],
    ])('with a bad %s is 422 (%j)', async (path, bad) => {
      const answer = await shop.post('/inventory/items', { ...item, ...bad });
      expect(answer.status).toBe(422);
      expect(invalidFields(answer)).toEqual([path]);
    });

    it.each([
      ['receipts', { quantity: 0 }],
      ['receipts', { quantity: -1 }],
      ['receipts', { quantity: 1_000_000_001 }],
      ['receipts', {}],
      ['adjustments', { quantity: 1.5, reason: 'count' }],
      ['adjustments', { quantity: 1 }],
      ['adjustments', { quantity: 1, reason: '' }],
      ['adjustments', { quantity: 1, reason: 'bell \u0007' }],
    ])('with invalid %s %j is 422', async (path, body) => {
      expect((await shop.post(`/inventory/items/mug/${path}`, body)).status).toBe(422);
    });

    it('with an empty or unknown change is 422', async () => {
      for (const change of [{}, { quantity: 3 }, { price: gbp(0) }, { name: null }])
        expect((await shop.patch('/inventory/items/mug', change)).status).toBe(422);
    });

    it.each(['constructor', 'toString', 'hasOwnProperty', '1..2', 'a b', 'Z'.repeat(64)])(
      'accepts the product id %s',
      async (productId) => {
        await shop.createItem(productId, 3);
        const orderId = await shop.placeOne(productId, 2);
        await waitForStatus(system, orderId, 'shipped');
        expect(await shop.get(`/inventory/items/${encodeURIComponent(productId)}`)).toMatchObject({
          body: { productId, onHand: 1, reserved: 0 },
        });
      },
    );
  });

  it('does not impair the system: an order ships afterwards', async () => {
    await waitForStatus(system, await shop.placeOne('mug', 1), 'shipped');
  });
});
