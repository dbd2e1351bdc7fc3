import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HttpAnswer } from '../support/http.ts';
import { rawStatus } from '../support/raw-request.ts';
import { gbp, shopOf } from '../support/shop.ts';
import { type System, startSystem } from '../support/system.ts';
import { untilLevels, untilStatus } from '../support/wait-until.ts';

describe('commands that come again', () => {
  let system: System;
  let shop: ReturnType<typeof shopOf>;
  beforeAll(async () => {
    system = await startSystem({ CARRIER: 'manual' });
    shop = shopOf(system);
    await shop.createItem('mug', 1_000);
  });
  afterAll(() => system.stop());

  const keyed = (key: string) => ({ headers: { 'idempotency-key': key } });
  const mugs = (quantity: number) => ({ items: [{ productId: 'mug', quantity }] });
  const receive = (productId: string, quantity: number, key: string) =>
    shop.post(`/inventory/items/${productId}/receipts`, { quantity }, keyed(key));
  const onHand = async (productId: string, after: HttpAnswer): Promise<number> =>
    (await shop.readBack(`/inventory/items/${productId}`, after)).body.onHand;
  const seen = ({ status, body, headers }: HttpAnswer) => ({
    status,
    body,
    etag: headers.get('etag'),
    position: headers.get('orderstream-position'),
  });

  describe('with an idempotency key', () => {
    it('an order is placed once, and answered alike, also when it has moved on and the price has changed', async () => {
      await shop.createItem('pen', 10, gbp(100));
      const order = { items: [{ productId: 'pen', quantity: 2 }] };
      const first = await shop.place(order, keyed('pens'));
      expect(first.status).toBe(201);
      expect(seen(await shop.place(order, keyed('pens')))).toEqual(seen(first));

      await untilStatus(system, first.body.orderId, 'confirmed');
      await shop.patch('/inventory/items/pen', { price: gbp(999) });
      expect(seen(await shop.place(order, keyed('pens')))).toEqual(seen(first));
      await untilLevels(shop, 'pen', { onHand: 10, reserved: 2, available: 8 });
    });

    it('every other command is done once, and answered alike', async () => {
      const item = { productId: 'cup', name: 'Cup', price: gbp(100), quantity: 5 };
      const orderId = await shop.placeOne('mug', 1);
      await untilStatus(system, orderId, 'confirmed');
      const cancelled = await shop.placeOne('mug', 1);
      const commands: [string, () => Promise<HttpAnswer>][] = [
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
      // Others have come between: the first answer still stands.
      for (const [n, [name, command]] of commands.entries())
        expect([name, seen(await command())]).toEqual([name, first[n]]);
      expect(await shop.get('/inventory/items/cup')).toMatchObject({
        body: { name: 'Cup!', onHand: 6, revision: last.body.revision },
      });
    });

    it('with another payload it is 422, and nothing is done', async () => {
      await shop.createItem('jar', 0);
      const first = await receive('jar', 3, 'delivery-7');
      expect(await receive('jar', 4, 'delivery-7')).toMatchObject({ status: 422, body: { status: 422 } });
      expect(await onHand('jar', first)).toBe(3);
      const placed = await shop.place(mugs(1), keyed('my-order'));
      expect((await shop.place(mugs(2), keyed('my-order'))).status).toBe(422);
      expect(seen(await shop.place(mugs(1), keyed('my-order')))).toEqual(seen(placed));
    });

    it('belongs to its caller, method and path', async () => {
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

    it('twins that come at once get one answer, and it is done once', async () => {
      await shop.createItem('cap', 0);
      const receipts = await Promise.all(Array.from({ length: 8 }, () => receive('cap', 5, 'twins')));
      const [first] = receipts;
      if (first === undefined) throw new Error('no answer');
      for (const answer of receipts) expect(seen(answer)).toEqual(seen(first));
      expect(first.status).toBe(200);
      expect(await onHand('cap', first)).toBe(5);

      const orders = await Promise.all(Array.from({ length: 8 }, () => shop.place(mugs(1), keyed('twins'))));
      expect(new Set(orders.map((answer) => JSON.stringify(seen(answer)))).size).toBe(1);
      const different = await Promise.all(
        [1, 2, 3, 4].map((quantity) => receive('cap', quantity, 'not twins')),
      );
      expect(different.map(({ status }) => status).sort()).toEqual([200, 422, 422, 422]);
    });

    it('a refusal is not remembered', async () => {
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
      'the key %j serves',
      async (key) => {
        const first = await shop.place(mugs(1), keyed(key));
        expect(first.status).toBe(201);
        expect(seen(await shop.place(mugs(1), keyed(key)))).toEqual(seen(first));
      },
    );

    it.each([
      ['', 'nothing'],
      ['x'.repeat(256), '256 characters'],
      ['caf\u00e9', 'what is not ASCII'],
      ['a\tb', 'a tab'],
    ])('a key of %j is 400 (%s)', async (key) => {
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

    it('the revision last answered lets it pass, an older one is 412 and changes nothing', async () => {
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

    it('a keyed command that was done is answered, though the revision has moved on by it', async () => {
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

    it("stock has a revision of its own, which the item's price does not move", async () => {
      await shop.createItem('hat', 5);
      const { body } = await shop.post('/inventory/items/hat/receipts', { quantity: 1 });
      await shop.patch('/inventory/items/hat', { price: gbp(7) });
      const receipts = '/inventory/items/hat/receipts';
      expect((await shop.post(receipts, { quantity: 1 }, match(body.revision))).status).toBe(200);
      expect((await shop.post(receipts, { quantity: 1 }, match(body.revision))).status).toBe(412);
    });

    it('the ETag of an item is the same from both APIs, and matches while its part has the same revision', async () => {
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

    it('the ETag of an order matches a cancellation until the order itself changes', async () => {
      const orderId = await shop.placeOne('mug', 1);
      await untilStatus(system, orderId, 'confirmed');
      const { headers } = await shop.get(`/orders/${orderId}`);
      const withTag = { headers: { 'if-match': String(headers.get('etag')) } };
      const cancelled = await shop.post(`/orders/${orderId}/cancel`, {}, withTag);
      expect(cancelled.status).toBe(200);
      expect((await shop.post(`/orders/${orderId}/cancel`, {}, withTag)).status).toBe(412);
      const now = await shop.readBack(`/orders/${orderId}`, cancelled);
      expect(now.headers.get('etag')).not.toBe(headers.get('etag'));
    });

    it('an order that has moved on is not cancelled', async () => {
      const orderId = await shop.placeOne('mug', 1);
      const { revision } = await untilStatus(system, orderId, 'confirmed');
      const cancel = (with_: object) => shop.post(`/orders/${orderId}/cancel`, {}, with_);
      expect((await cancel(match('0'))).status).toBe(412);
      expect((await shop.get(`/orders/${orderId}`)).body.status).toBe('confirmed');
      expect((await cancel(match(revision))).status).toBe(200);
    });

    it('one of two writers at once wins', async () => {
      await shop.createItem('key', 0);
      const answers = await Promise.all(
        ['one', 'two', 'three'].map((name) => shop.patch('/inventory/items/key', { name }, match('0'))),
      );
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412]);
    });

    it.each(['0', '"', '"0" "1"', 'w/"0"', '*, "0"', ','])('%s is 400', async (text) => {
      const answer = await shop.patch(
        '/inventory/items/mug',
        { name: 'x' },
        { headers: { 'if-match': text } },
      );
      expect(answer).toMatchObject({ status: 400, body: { status: 400 } });
    });
  });
});
