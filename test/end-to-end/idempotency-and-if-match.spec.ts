import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HttpResponse } from '../support/http.ts';
import { rawStatus } from '../support/raw-request.ts';
import { type SharedSystem, useSharedShop } from '../support/shared-systems/use-shared-shop.ts';
import { gbp, type ShopClient, stepByStep } from '../support/shop.ts';
import { waitForStatus, waitForStock } from '../support/wait-until.ts';

describe('repeated and conditional commands', () => {
  let system: SharedSystem;
  let shop: ShopClient;
  beforeAll(async () => {
    ({ system, shop } = await useSharedShop(stepByStep));
    await shop.createItem('mug', 1_000);
  });
  afterAll(() => system.release());

  const keyed = (key: string) => ({ headers: { 'idempotency-key': key } });
  const mugs = (quantity: number) => ({ items: [{ productId: 'mug', quantity }] });
  const receive = (productId: string, quantity: number, key: string) =>
    shop.post(`/inventory/items/${productId}/receipts`, { quantity }, keyed(key));
  const onHand = async (productId: string, after: HttpResponse): Promise<number> =>
    (await shop.readBack(`/inventory/items/${productId}`, after)).body.onHand;
  const seen = ({ status, body, headers }: HttpResponse) => ({
    status,
    body,
    etag: headers.get('etag'),
    position: headers.get('orderstream-position'),
  });

  describe('with an idempotency key', () => {
    it('places an order once and repeats its first response, also after the order and the price have changed', async () => {
      await shop.createItem('pen', 10, gbp(100));
      const order = { items: [{ productId: 'pen', quantity: 2 }] };
      const first = await shop.place(order, keyed('pens'));
      expect(first.status).toBe(201);
      expect(seen(await shop.place(order, keyed('pens')))).toEqual(seen(first));

      await waitForStatus(system, first.body.orderId, 'confirmed');
      await shop.patch('/inventory/items/pen', { price: gbp(999) });
      expect(seen(await shop.place(order, keyed('pens')))).toEqual(seen(first));
      await waitForStock(shop, 'pen', { onHand: 10, reserved: 2, available: 8 });
    });

    it('executes every other command once and repeats its first response', async () => {
      const item = { productId: 'cup', name: 'Cup', price: gbp(100), quantity: 5 };
      const orderId = await shop.placeOne('mug', 1);
      await waitForStatus(system, orderId, 'confirmed');
      const cancelled = await shop.placeOne('mug', 1);
      const commands: [string, () => Promise<HttpResponse>][] = [
        ['create', () => shop.post('/inventory/items', item, keyed('k'))],
        ['change', () => shop.patch('/inventory/items/cup', { price: gbp(101) }, keyed('k'))],
        ['receive', () => receive('cup', 3, 'k')],
        [
          'adjust',
          () => shop.post('/inventory/items/cup/adjustments', { quantity: -2, reason: 'x' }, keyed('k')),
        ],
        ['cancel', () => shop.post(`/orders/${cancelled}/cancel`, {}, keyed('k'))],
        [
          'dispatch',
          () =>
            shop.post(`/shipments/${orderId}/dispatch`, { carrier: 'DHL', trackingNumber: '1' }, keyed('k')),
        ],
        ['deliver', () => shop.post(`/shipments/${orderId}/deliver`, undefined, keyed('k'))],
        ['refund', () => shop.post(`/payments/${orderId}/refund`, { reason: 'x' }, keyed('k'))],
      ];
      const first: object[] = [];
      for (const [name, command] of commands) {
        const answer = await command();
        expect([name, answer.status]).toEqual([name, name === 'create' ? 201 : 200]);
        first.push(seen(answer));
        expect([name, seen(await command())]).toEqual([name, seen(answer)]);
      }
      const last = await shop.patch('/inventory/items/cup', { name: 'Cup!' });
      expect(await onHand('cup', last)).toBe(6);
      // After other commands, each key still has its first response.
      for (const [n, [name, command]] of commands.entries())
        expect([name, seen(await command())]).toEqual([name, first[n]]);
      expect(await shop.get('/inventory/items/cup')).toMatchObject({
        body: { name: 'Cup!', onHand: 6, revision: last.body.revision },
      });
    });

    it('rejects a used key with another payload with 422 and changes nothing', async () => {
      await shop.createItem('jar', 0);
      const first = await receive('jar', 3, 'delivery-7');
      expect(await receive('jar', 4, 'delivery-7')).toMatchObject({ status: 422, body: { status: 422 } });
      expect(await onHand('jar', first)).toBe(3);
      const placed = await shop.place(mugs(1), keyed('my-order'));
      expect((await shop.place(mugs(2), keyed('my-order'))).status).toBe(422);
      expect(seen(await shop.place(mugs(1), keyed('my-order')))).toEqual(seen(placed));
    });

    it('keeps equal keys of different callers, methods and paths apart', async () => {
      await shop.createItem('tin', 0);
      await shop.createItem('can', 0);
      await receive('tin', 1, 'same');
      await receive('can', 2, 'same');
      await shop.post('/inventory/items/can/adjustments', { quantity: 5, reason: 'x' }, keyed('same'));
      const admin = { ...keyed('same'), token: system.token('admin', 'another') };
      const last = await shop.post('/inventory/items/tin/receipts', { quantity: 10 }, admin);
      expect([await onHand('tin', last), await onHand('can', last)]).toEqual([11, 7]);
      const ann = await shop.place(mugs(1), keyed('same'));
      const bob = await shop.place(mugs(1), { ...keyed('same'), token: shop.customer('bob') });
      expect(ann.body.orderId).not.toBe(bob.body.orderId);
    });

    it('executes concurrent requests with one key once, and gives each the same response', async () => {
      await shop.createItem('cap', 0);
      const receipts = await Promise.all(Array.from({ length: 8 }, () => receive('cap', 5, 'concurrent')));
      const [first] = receipts;
      if (first === undefined) throw new Error('no answer');
      for (const answer of receipts) expect(seen(answer)).toEqual(seen(first));
      expect(first.status).toBe(200);
      expect(await onHand('cap', first)).toBe(5);

      const orders = await Promise.all(
        Array.from({ length: 8 }, () => shop.place(mugs(1), keyed('concurrent'))),
      );
      expect(new Set(orders.map((answer) => JSON.stringify(seen(answer)))).size).toBe(1);
      const different = await Promise.all(
        [1, 2, 3, 4].map((quantity) => receive('cap', quantity, 'different payloads')),
      );
      expect(different.map(({ status }) => status).sort()).toEqual([200, 422, 422, 422]);
    });

    it('does not store a rejection: the same key succeeds later', async () => {
      expect((await receive('later', 1, 'early')).status).toBe(404);
      await shop.createItem('later', 0);
      const now = await receive('later', 1, 'early');
      expect(now.status).toBe(200);
      expect(await onHand('later', now)).toBe(1);
      const unknown = { items: [{ productId: 'soon', quantity: 1 }] };
      expect((await shop.place(unknown, keyed('eager'))).status).toBe(422);
      await shop.createItem('soon', 1);
      expect((await shop.place(unknown, keyed('eager'))).status).toBe(201);
    });

    it.each(['a b', 'x'.repeat(255), '!"#$%&\'()*+,-./:;<=>?@[]^_`{|}~', '__proto__', '../..'])(
      'accepts the key %j',
      async (key) => {
        const first = await shop.place(mugs(1), keyed(key));
        expect(first.status).toBe(201);
        expect(seen(await shop.place(mugs(1), keyed(key)))).toEqual(seen(first));
      },
    );

    it.each([
      ['', 'empty'],
      ['x'.repeat(256), '256 characters'],
      ['caf\u00e9', 'not ASCII'],
      ['a\tb', 'a tab'],
    ])('rejects the key %j with 400 (%s)', async (key) => {
      const headers = {
        authorization: `Bearer ${shop.customer()}`,
        'content-type': 'application/json',
        'idempotency-key': key,
      };
      expect(
        await rawStatus(system.commandUrl, 'POST /api/v1/orders', headers, JSON.stringify(mugs(1))),
      ).toBe(400);
    });
  });

  describe('with If-Match', () => {
    const match = (revision: string) => ({ headers: { 'if-match': `"${revision}"` } });

    it('accepts the current revision; rejects a stale one with 412 and changes nothing', async () => {
      await shop.createItem('fan', 5);
      const first = await shop.patch('/inventory/items/fan', { name: 'Fan 2' }, match('0'));
      expect(first.status).toBe(200);
      const stale = await shop.patch('/inventory/items/fan', { name: 'Fan 3' }, match('0'));
      expect(stale).toMatchObject({ status: 412, body: { status: 412 } });
      expect(await shop.readBack('/inventory/items/fan', first)).toMatchObject({ body: { name: 'Fan 2' } });
      expect(
        (await shop.patch('/inventory/items/fan', { name: 'Fan 3' }, match(first.body.revision))).status,
      ).toBe(200);
      expect((await shop.patch('/inventory/items/fan', { name: 'Fan 4' }, match('99'))).status).toBe(412);
    });

    it('repeats the response of an executed command with a key, though its revision is stale by now', async () => {
      await shop.createItem('bag', 5);
      const rename = () =>
        shop.patch(
          '/inventory/items/bag',
          { name: 'Sack' },
          { headers: { 'if-match': '"0"', 'idempotency-key': 'sack' } },
        );
      const first = await rename();
      expect(first).toMatchObject({ status: 200, body: { revision: '1' } });
      expect(seen(await rename())).toEqual(seen(first));
    });

    it("keeps the stock's revision when the item's price changes", async () => {
      await shop.createItem('hat', 5);
      const { body } = await shop.post('/inventory/items/hat/receipts', { quantity: 1 });
      await shop.patch('/inventory/items/hat', { price: gbp(7) });
      const receipts = '/inventory/items/hat/receipts';
      expect((await shop.post(receipts, { quantity: 1 }, match(body.revision))).status).toBe(200);
      expect((await shop.post(receipts, { quantity: 1 }, match(body.revision))).status).toBe(412);
    });

    it('gives an item the same ETag in both APIs, which matches while the part that is written is unchanged', async () => {
      const item = { productId: 'beanie', name: 'Beanie', price: gbp(9), quantity: 5 };
      const created = await shop.post('/inventory/items', item);
      const { headers, body } = await shop.readBack('/inventory/items/beanie', created);
      expect(headers.get('etag')).toBe(created.headers.get('etag'));
      expect(body).toMatchObject({ revision: '0', stockRevision: '0' });
      const etag = String(headers.get('etag'));
      const withTag = { headers: { 'if-match': etag } };
      const received = await shop.post('/inventory/items/beanie/receipts', { quantity: 1 }, withTag);
      const renamed = await shop.patch('/inventory/items/beanie', { name: 'Beanie 2' }, withTag);
      expect([received.status, renamed.status]).toEqual([200, 200]);
      const now = await shop.readBack('/inventory/items/beanie', renamed);
      expect(now.headers.get('etag')).toBe(renamed.headers.get('etag'));
      expect(now.headers.get('etag')).not.toBe(etag);
      expect((await shop.patch('/inventory/items/beanie', { name: 'Beanie 3' }, withTag)).status).toBe(412);
      const weak = { headers: { 'if-match': `W/${now.headers.get('etag')}` } };
      expect((await shop.patch('/inventory/items/beanie', { name: 'Beanie 3' }, weak)).status).toBe(412);
      const any = { headers: { 'if-match': '*' } };
      expect((await shop.patch('/inventory/items/beanie', { name: 'Beanie 3' }, any)).status).toBe(200);
    });

    it('accepts the ETag of an order for its cancellation until the order changes', async () => {
      const orderId = await shop.placeOne('mug', 1);
      await waitForStatus(system, orderId, 'confirmed');
      const { headers } = await shop.get(`/orders/${orderId}`);
      const withTag = { headers: { 'if-match': String(headers.get('etag')) } };
      const cancelled = await shop.post(`/orders/${orderId}/cancel`, {}, withTag);
      expect(cancelled.status).toBe(200);
      expect((await shop.post(`/orders/${orderId}/cancel`, {}, withTag)).status).toBe(412);
      const now = await shop.readBack(`/orders/${orderId}`, cancelled);
      expect(now.headers.get('etag')).not.toBe(headers.get('etag'));
    });

    it('does not cancel an order with a stale revision', async () => {
      const orderId = await shop.placeOne('mug', 1);
      const { revision } = await waitForStatus(system, orderId, 'confirmed');
      const cancel = (with_: object) => shop.post(`/orders/${orderId}/cancel`, {}, with_);
      expect((await cancel(match('0'))).status).toBe(412);
      expect((await shop.get(`/orders/${orderId}`)).body.status).toBe('confirmed');
      expect((await cancel(match(revision))).status).toBe(200);
    });

    it('accepts one of two concurrent writers with the same revision', async () => {
      await shop.createItem('key', 0);
      const answers = await Promise.all(
        ['one', 'two', 'three'].map((name) => shop.patch('/inventory/items/key', { name }, match('0'))),
      );
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412]);
    });

    it.each(['0', '"', '"0" "1"', 'w/"0"', '*, "0"', ','])(
      'rejects the malformed value %s with 400',
      async (text) => {
        const answer = await shop.patch(
          '/inventory/items/mug',
          { name: 'x' },
          { headers: { 'if-match': text } },
        );
        expect(answer).toMatchObject({ status: 400, body: { status: 400 } });
      },
    );
  });
});
