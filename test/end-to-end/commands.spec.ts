import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HttpAnswer } from '../support/http.ts';
import { gbp, shopOf } from '../support/shop.ts';
import { type System, startSystem } from '../support/system.ts';
import { untilLevels, untilStatus } from '../support/wait-until.ts';

/** What every command answers beside its own fields; answers the revision. */
function expectReached({ headers, body }: HttpAnswer): bigint {
  expect(body).toMatchObject({
    revision: expect.stringMatching(/^\d+$/),
    position: expect.stringMatching(/^\d+$/),
  });
  expect(headers.get('etag')).toMatch(new RegExp(`^"([^"]*-)?${body.revision}(\\.[^"]*)?"$`));
  expect(headers.get('orderstream-position')).toBe(body.position);
  return BigInt(body.revision);
}

describe('commands', () => {
  let system: System;
  let shop: ReturnType<typeof shopOf>;
  beforeAll(async () => {
    system = await startSystem({
      CARRIER: 'manual',
      PAYMENT_GIVE_UP_MS: '3500',
      FULFILMENT_FIRST_DEADLINE_MS: '250',
      FULFILMENT_MAX_DEADLINE_MS: '1000',
    });
    shop = shopOf(system);
  });
  afterAll(() => system.stop());

  const parcel = { carrier: 'Royal Mail', trackingNumber: 'RM1' };
  const confirmed = async (productId: string, quantity: number, paymentToken = 'tok_ok') => {
    const orderId = await shop.placeOne(productId, quantity, paymentToken);
    await untilStatus(system, orderId, 'confirmed');
    return orderId;
  };
  const shipped = async (productId: string) => {
    const orderId = await confirmed(productId, 1);
    await shop.dispatch(orderId, parcel);
    await untilStatus(system, orderId, 'shipped');
    return orderId;
  };

  describe('on items', () => {
    it('create: 201, the opening stock in place when the answer comes', async () => {
      const item = { productId: 'A-1', name: 'Anvil', price: gbp(9_900), quantity: 4 };
      const answer = await shop.post('/inventory/items', item);
      expect(answer).toMatchObject({ status: 201, body: item });
      expect(expectReached(answer)).toBe(0n);
      expect(await shop.readBack('/inventory/items/A-1', answer)).toMatchObject({
        body: {
          productId: 'A-1',
          name: 'Anvil',
          price: gbp(9_900),
          onHand: 4,
          reserved: 0,
          available: 4,
          revision: '0',
        },
      });
      const bare = await shop.post('/inventory/items', { productId: 'a-1', name: 'anvil', price: gbp(1) });
      expect(bare.status).toBe(201);
      expect(await shop.readBack('/inventory/items/a-1', bare)).toMatchObject({
        body: { onHand: 0, available: 0 },
      });
    });

    it('create what is there: 409, and nothing changes', async () => {
      const created = await shop.createItem('taken', 4);
      const again = { productId: 'taken', name: 'Other', price: gbp(1), quantity: 9 };
      expect(await shop.post('/inventory/items', again)).toMatchObject({
        status: 409,
        body: { status: 409 },
      });
      expect(await shop.readBack('/inventory/items/taken', created)).toMatchObject({
        body: { name: 'Item taken', price: gbp(250), onHand: 4, revision: '0' },
      });
    });

    it('change: name and price, alone or together; the same values append nothing', async () => {
      await shop.createItem('lamp', 5);
      const renamed = await shop.patch('/inventory/items/lamp', { name: 'Lantern' });
      expect(renamed).toMatchObject({
        status: 200,
        body: { productId: 'lamp', name: 'Lantern', price: gbp(250) },
      });
      expect(expectReached(renamed)).toBe(1n);
      const repriced = await shop.patch('/inventory/items/lamp', { price: gbp(300) });
      expect(repriced).toMatchObject({
        status: 200,
        body: { name: 'Lantern', price: gbp(300), revision: '2' },
      });

      for (const change of [{ name: 'Lantern' }, { price: gbp(300) }, { name: 'Lantern', price: gbp(300) }])
        expect(await shop.patch('/inventory/items/lamp', change)).toMatchObject({
          status: 200,
          body: { revision: '2' },
        });

      const both = await shop.patch('/inventory/items/lamp', { name: 'Torch', price: gbp(1) });
      expect(both).toMatchObject({ status: 200, body: { name: 'Torch', price: gbp(1) } });
      expect(await shop.readBack('/inventory/items/lamp', both)).toMatchObject({
        body: { name: 'Torch', price: gbp(1), revision: both.body.revision, onHand: 5 },
      });
    });

    it('change, receive or adjust what is not there: 404', async () => {
      for (const answer of [
        await shop.patch('/inventory/items/nowhere', { name: 'x' }),
        await shop.post('/inventory/items/nowhere/receipts', { quantity: 1 }),
        await shop.post('/inventory/items/nowhere/adjustments', { quantity: 1, reason: 'found' }),
      ])
        expect(answer).toMatchObject({ status: 404, body: { status: 404 } });
    });

    it("receive: adds to what is on hand, with the stock's own revision", async () => {
      await shop.createItem('rope', 2);
      const first = await shop.post('/inventory/items/rope/receipts', { quantity: 3 });
      expect(first).toMatchObject({ status: 200, body: { productId: 'rope' } });
      const second = await shop.post('/inventory/items/rope/receipts', { quantity: 1_000_000_000 });
      expect(expectReached(second)).toBe(expectReached(first) + 1n);
      expect(BigInt(second.body.position)).toBeGreaterThan(BigInt(first.body.position));
      expect(await shop.readBack('/inventory/items/rope', second)).toMatchObject({
        body: { onHand: 1_000_000_005, revision: '0' },
      });
    });

    it('adjust: up and down, never below what is reserved', async () => {
      await shop.createItem('bell', 5);
      const orderId = await confirmed('bell', 3);
      const adjust = (quantity: number) =>
        shop.post('/inventory/items/bell/adjustments', { quantity, reason: 'stock-taking' });
      expect(await adjust(-3)).toMatchObject({ status: 409 });
      const lowered = await adjust(-2);
      expect(lowered.status).toBe(200);
      expectReached(lowered);
      await shop.readBack('/inventory/items/bell', lowered);
      expect(await shop.levels('bell')).toEqual({ onHand: 3, reserved: 3, available: 0 });
      expect((await adjust(-1)).status).toBe(409);
      const raised = await adjust(7);
      await shop.readBack('/inventory/items/bell', raised);
      expect(await shop.levels('bell')).toEqual({ onHand: 10, reserved: 3, available: 7 });
      expect((await shop.cancel(orderId)).status).toBe(200);
    });
  });

  describe('on orders', () => {
    beforeAll(() => shop.createItem('mug', 1_000));

    it('place: 201 with the total; the customer is the caller, or whom an operator names', async () => {
      const items = [{ productId: 'mug', quantity: 2 }];
      const own = await shop.place({ items });
      expect(own).toMatchObject({
        status: 201,
        body: { status: 'placed', total: gbp(500), customerId: 'ann' },
      });
      expect(expectReached(own)).toBe(0n);
      const forBob = await shop.post('/orders', { items, customerId: 'bob' });
      expect(forBob).toMatchObject({ status: 201, body: { customerId: 'bob' } });
      expect(await shop.post('/orders', { items })).toMatchObject({
        status: 201,
        body: { customerId: 'operator' },
      });
      expect(forBob.body.orderId).not.toBe(own.body.orderId);
    });

    it('a price that changes after the order was placed leaves it as it was', async () => {
      await shop.createItem('book', 10, gbp(800));
      const before = await shop.placeOne('book', 2);
      const change = await shop.patch('/inventory/items/book', { price: gbp(999), name: 'Second edition' });
      const after = await shop.place({ items: [{ productId: 'book', quantity: 2 }] });
      expect(after.body.total).toEqual(gbp(1_998));
      expect(await shop.readBack(`/orders/${before}`, change)).toMatchObject({
        body: {
          total: gbp(1_600),
          items: [{ name: 'Item book', unitPrice: gbp(800), lineTotal: gbp(1_600), quantity: 2 }],
        },
      });
      expect(await shop.readBack(`/orders/${after.body.orderId}`, after)).toMatchObject({
        body: { items: [{ name: 'Second edition', unitPrice: gbp(999) }] },
      });
      expect(await untilStatus(system, before, 'confirmed')).toMatchObject({ total: gbp(1_600) });
      await expect
        .poll(() => shop.get(`/payments/${before}`))
        .toMatchObject({ body: { amount: gbp(1_600) } });
    });

    it('never more than there is, however many come at once', async () => {
      await shop.createItem('last', 5);
      const orders = await Promise.all(
        Array.from({ length: 12 }, (_, n) => shop.placeOne('last', 1, 'tok_ok', `c${n}`)),
      );
      const atRest = async (orderId: string): Promise<string> => {
        // A problem has a status too.
        const { status, body } = await shop.get(`/orders/${orderId}`);
        return status !== 200 || body.status === 'placed' ? atRest(orderId) : body.status;
      };
      const ends = await Promise.all(orders.map(atRest));
      expect(ends.filter((status) => status === 'confirmed')).toHaveLength(5);
      expect(ends.filter((status) => status === 'rejected')).toHaveLength(7);
      await untilLevels(shop, 'last', { onHand: 5, reserved: 5, available: 0 });
    });

    it('cancel a confirmed one: 200, released and refunded; again changes nothing', async () => {
      await shop.createItem('kite', 4);
      const orderId = await confirmed('kite', 3);
      await untilLevels(shop, 'kite', { onHand: 4, reserved: 3, available: 1 });
      const answer = await shop.cancel(orderId, { reason: 'changed my mind' }, shop.customer());
      expect(answer).toMatchObject({ status: 200, body: { orderId, status: 'cancelled' } });
      const revision = expectReached(answer);
      await untilLevels(shop, 'kite', { onHand: 4, reserved: 0, available: 4 });
      await expect
        .poll(async () => (await shop.get(`/orders/${orderId}`)).body)
        .toMatchObject({
          status: 'cancelled',
          payment: { status: 'refunded' },
          shipment: { status: 'cancelled' },
        });
      await expect.poll(() => shop.story(orderId)).toContain('FulfilmentCompleted');
      const events = await shop.story(orderId);

      for (const body of [undefined, {}, { reason: 'another' }])
        expect(expectReached(await shop.cancel(orderId, body))).toBe(revision);
      expect(await shop.story(orderId)).toEqual(events);
      expect((await shop.dispatch(orderId, parcel)).status).toBe(409);
      expect((await shop.deliver(orderId)).status).toBe(409);
    });

    it('cancel one that is being paid: whatever the provider says later, nothing is held and nothing kept', async () => {
      await shop.createItem('sofa', 2);
      const orderId = await shop.placeOne('sofa', 2, 'tok_slow');
      await untilLevels(shop, 'sofa', { onHand: 2, reserved: 2, available: 0 });
      expect(await shop.cancel(orderId)).toMatchObject({ status: 200, body: { status: 'cancelled' } });
      await untilLevels(shop, 'sofa', { onHand: 2, reserved: 0, available: 2 });
      await expect.poll(() => shop.story(orderId)).toContain('FulfilmentCompleted');
      const events = await shop.story(orderId);
      expect(events.includes('PaymentCaptured')).toBe(events.includes('PaymentRefunded'));
    });

    it('cancel at once, before anything was done', async () => {
      await shop.createItem('coat', 2);
      const orderId = await shop.placeOne('coat', 2);
      expect((await shop.cancel(orderId, undefined, shop.customer())).status).toBe(200);
      await expect.poll(() => shop.story(orderId)).toContain('FulfilmentCompleted');
      await untilLevels(shop, 'coat', { onHand: 2, reserved: 0, available: 2 });
      await untilStatus(system, orderId, 'cancelled');
      const events = await shop.story(orderId);
      expect(events.includes('PaymentCaptured')).toBe(events.includes('PaymentRefunded'));
    });

    it('cancel a rejected one: 409; one that is not there: 404', async () => {
      await shop.createItem('void', 0);
      const orderId = await shop.placeOne('void', 1);
      await untilStatus(system, orderId, 'rejected');
      expect(await shop.cancel(orderId)).toMatchObject({ status: 409, body: { status: 409 } });
      expect((await shop.get(`/orders/${orderId}`)).body.status).toBe('rejected');
      for (const answer of [
        await shop.cancel('no-such-order'),
        await shop.dispatch('no-such-order', parcel),
        await shop.deliver('no-such-order'),
        await shop.refund('no-such-order', 'broken'),
      ])
        expect(answer.status).toBe(404);
    });
  });

  describe('on shipments', () => {
    beforeAll(() => shop.createItem('box', 1_000));

    it('dispatch: 200, the same again changes nothing, another is 409, and so is a cancellation', async () => {
      await shop.createItem('crate', 9);
      const orderId = await confirmed('crate', 2);
      const answer = await shop.dispatch(orderId, parcel);
      expect(answer).toMatchObject({ status: 200, body: { orderId } });
      const revision = expectReached(answer);
      expect(await untilStatus(system, orderId, 'shipped')).toMatchObject({
        shipment: { status: 'dispatched', ...parcel },
      });
      await untilLevels(shop, 'crate', { onHand: 7, reserved: 0, available: 7 });
      expect(expectReached(await shop.dispatch(orderId, parcel))).toBe(revision);
      for (const other of [
        { ...parcel, trackingNumber: 'RM2' },
        { ...parcel, carrier: 'DHL' },
      ])
        expect((await shop.dispatch(orderId, other)).status).toBe(409);
      expect((await shop.cancel(orderId)).status).toBe(409);
      expect((await shop.cancel(orderId, {}, shop.customer())).status).toBe(409);
      await expect
        .poll(() => shop.get(`/shipments/${orderId}`))
        .toMatchObject({
          body: { status: 'dispatched', ...parcel },
        });
    });

    it('dispatch before there is anything to send: 409', async () => {
      const orderId = await shop.placeOne('box', 1, 'tok_slow');
      expect((await shop.dispatch(orderId, parcel)).status).toBe(409);
      expect((await shop.deliver(orderId)).status).toBe(409);
    });

    it('deliver: 200 once it was dispatched; again changes nothing; no cancellation after it', async () => {
      const orderId = await confirmed('box', 1);
      expect((await shop.deliver(orderId)).status).toBe(409);
      await shop.dispatch(orderId, parcel);
      const answer = await shop.deliver(orderId);
      expect(answer).toMatchObject({ status: 200, body: { orderId } });
      const revision = expectReached(answer);
      expect(await untilStatus(system, orderId, 'delivered')).toMatchObject({
        shipment: { status: 'delivered' },
      });
      expect(expectReached(await shop.deliver(orderId))).toBe(revision);
      expect((await shop.cancel(orderId)).status).toBe(409);
      expect((await shop.dispatch(orderId, parcel)).status).toBe(200);
    });
  });

  describe('on payments', () => {
    beforeAll(() => shop.createItem('vase', 1_000));

    it('refund: 200; again changes nothing; the order stays shipped', async () => {
      const orderId = await shipped('vase');
      const answer = await shop.refund(orderId, 'broken');
      expect(answer).toMatchObject({ status: 200, body: { orderId } });
      const revision = expectReached(answer);
      await expect.poll(async () => (await shop.get(`/payments/${orderId}`)).body.status).toBe('refunded');
      expect(expectReached(await shop.refund(orderId, 'once more'))).toBe(revision);
      expect(await shop.get(`/orders/${orderId}`)).toMatchObject({
        body: { status: 'shipped', payment: { status: 'refunded' } },
      });
    });

    it('refund what was not captured: 409', async () => {
      const orderId = await shop.placeOne('vase', 1, 'tok_declined');
      await untilStatus(system, orderId, 'rejected');
      expect((await shop.refund(orderId, 'broken')).status).toBe(409);
    });

    it.each([
      ['tok_flaky', 'confirmed', 'captured'],
      ['tok_slow', 'confirmed', 'captured'],
      ['tok_declined', 'rejected', 'declined'],
      ['tok_down', 'rejected', 'failed'],
    ])('%s: the order is %s, the payment %s', async (token, status, payment) => {
      const productId = `for-${token}`;
      await shop.createItem(productId, 3);
      const orderId = await shop.placeOne(productId, 3, token);
      expect(await untilStatus(system, orderId, status)).toMatchObject({ payment: { status: payment } });
      const held = status === 'confirmed' ? 3 : 0;
      await untilLevels(shop, productId, { onHand: 3, reserved: held, available: 3 - held });
    });
  });
});
