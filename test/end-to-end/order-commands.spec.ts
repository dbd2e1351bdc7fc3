import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SharedSystem, useSharedShop } from '../support/shared-systems/use-shared-shop.ts';
import { gbp, type ShopClient, stepByStep } from '../support/shop.ts';
import { waitForStatus, waitForStock } from '../support/wait-until.ts';
import { expectRevision } from './helpers/expect-revision.ts';

describe('commands on orders, shipments and payments', () => {
  let system: SharedSystem;
  let shop: ShopClient;
  beforeAll(async () => {
    ({ system, shop } = await useSharedShop(stepByStep));
  });
  afterAll(() => system.release());

  const parcel = { carrier: 'Royal Mail', trackingNumber: 'RM1' };
  const shipped = async (productId: string) => {
    const orderId = await shop.placeConfirmed(productId, 1);
    await shop.dispatch(orderId, parcel);
    await waitForStatus(system, orderId, 'shipped');
    return orderId;
  };

  describe('on orders', () => {
    beforeAll(() => shop.createItem('jug', 1_000));

    it('places an order for the caller, or for the customer that an operator names', async () => {
      const items = [{ productId: 'jug', quantity: 2 }];
      const own = await shop.place({ items });
      expect(own).toMatchObject({
        status: 201,
        body: { status: 'placed', total: gbp(500), customerId: 'ann' },
      });
      expect(expectRevision(own)).toBe(0n);
      const forBob = await shop.post('/orders', { items, customerId: 'bob' });
      expect(forBob).toMatchObject({ status: 201, body: { customerId: 'bob' } });
      expect(await shop.post('/orders', { items })).toMatchObject({
        status: 201,
        body: { customerId: 'operator' },
      });
      expect(forBob.body.orderId).not.toBe(own.body.orderId);
    });

    it('keeps name and price of an order when the product changes afterwards', async () => {
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
      expect(await waitForStatus(system, before, 'confirmed')).toMatchObject({ total: gbp(1_600) });
      await expect
        .poll(() => shop.get(`/payments/${before}`))
        .toMatchObject({ body: { amount: gbp(1_600) } });
    });

    it('never sells more units than in stock to concurrent orders', async () => {
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
      await waitForStock(shop, 'last', { onHand: 5, reserved: 5, available: 0 });
    });

    it('cancels a confirmed order, releases its stock and refunds it; a repeated cancellation changes nothing', async () => {
      await shop.createItem('kite', 4);
      const orderId = await shop.placeConfirmed('kite', 3);
      await waitForStock(shop, 'kite', { onHand: 4, reserved: 3, available: 1 });
      const answer = await shop.cancel(orderId, { reason: 'changed my mind' }, shop.customer());
      expect(answer).toMatchObject({ status: 200, body: { orderId, status: 'cancelled' } });
      const revision = expectRevision(answer);
      await waitForStock(shop, 'kite', { onHand: 4, reserved: 0, available: 4 });
      await expect
        .poll(async () => (await shop.get(`/orders/${orderId}`)).body)
        .toMatchObject({
          status: 'cancelled',
          payment: { status: 'refunded' },
          shipment: { status: 'cancelled' },
        });
      await expect.poll(() => shop.timelineTypes(orderId)).toContain('FulfilmentCompleted');
      const events = await shop.timelineTypes(orderId);

      for (const body of [undefined, {}, { reason: 'another' }])
        expect(expectRevision(await shop.cancel(orderId, body))).toBe(revision);
      expect(await shop.timelineTypes(orderId)).toEqual(events);
      expect((await shop.dispatch(orderId, parcel)).status).toBe(409);
      expect((await shop.deliver(orderId)).status).toBe(409);
    });

    it('cancels an order during its payment: a later capture is refunded, and no stock stays reserved', async () => {
      await shop.createItem('sofa', 2);
      const orderId = await shop.placeOne('sofa', 2, 'tok_slow');
      await waitForStock(shop, 'sofa', { onHand: 2, reserved: 2, available: 0 });
      expect(await shop.cancel(orderId)).toMatchObject({ status: 200, body: { status: 'cancelled' } });
      await waitForStock(shop, 'sofa', { onHand: 2, reserved: 0, available: 2 });
      await expect.poll(() => shop.timelineTypes(orderId)).toContain('FulfilmentCompleted');
      const events = await shop.timelineTypes(orderId);
      expect(events.includes('PaymentCaptured')).toBe(events.includes('PaymentRefunded'));
    });

    it('cancels an order at once after it was placed', async () => {
      await shop.createItem('coat', 2);
      const orderId = await shop.placeOne('coat', 2);
      expect((await shop.cancel(orderId, undefined, shop.customer())).status).toBe(200);
      await expect.poll(() => shop.timelineTypes(orderId)).toContain('FulfilmentCompleted');
      await waitForStock(shop, 'coat', { onHand: 2, reserved: 0, available: 2 });
      await waitForStatus(system, orderId, 'cancelled');
      const events = await shop.timelineTypes(orderId);
      expect(events.includes('PaymentCaptured')).toBe(events.includes('PaymentRefunded'));
    });

    it('answers 409 to the cancellation of a rejected order, and 404 to commands for an unknown order', async () => {
      await shop.createItem('void', 0);
      const orderId = await shop.placeOne('void', 1);
      await waitForStatus(system, orderId, 'rejected');
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

    it('dispatches an order once: the same dispatch again changes nothing, another one and a cancellation are 409', async () => {
      await shop.createItem('crate', 9);
      const orderId = await shop.placeConfirmed('crate', 2);
      const answer = await shop.dispatch(orderId, parcel);
      expect(answer).toMatchObject({ status: 200, body: { orderId } });
      const revision = expectRevision(answer);
      expect(await waitForStatus(system, orderId, 'shipped')).toMatchObject({
        shipment: { status: 'dispatched', ...parcel },
      });
      await waitForStock(shop, 'crate', { onHand: 7, reserved: 0, available: 7 });
      expect(expectRevision(await shop.dispatch(orderId, parcel))).toBe(revision);
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

    it('rejects dispatch and delivery of an order without a shipment with 409', async () => {
      const orderId = await shop.placeOne('box', 1, 'tok_slow');
      expect((await shop.dispatch(orderId, parcel)).status).toBe(409);
      expect((await shop.deliver(orderId)).status).toBe(409);
    });

    it('delivers a dispatched order once; it cannot be cancelled afterwards', async () => {
      const orderId = await shop.placeConfirmed('box', 1);
      expect((await shop.deliver(orderId)).status).toBe(409);
      await shop.dispatch(orderId, parcel);
      const answer = await shop.deliver(orderId);
      expect(answer).toMatchObject({ status: 200, body: { orderId } });
      const revision = expectRevision(answer);
      expect(await waitForStatus(system, orderId, 'delivered')).toMatchObject({
        shipment: { status: 'delivered' },
      });
      expect(expectRevision(await shop.deliver(orderId))).toBe(revision);
      expect((await shop.cancel(orderId)).status).toBe(409);
      expect((await shop.dispatch(orderId, parcel)).status).toBe(200);
    });
  });

  describe('on payments', () => {
    beforeAll(() => shop.createItem('vase', 1_000));

    it('refunds a shipped order once; the order stays shipped', async () => {
      const orderId = await shipped('vase');
      const answer = await shop.refund(orderId, 'broken');
      expect(answer).toMatchObject({ status: 200, body: { orderId } });
      const revision = expectRevision(answer);
      await expect.poll(async () => (await shop.get(`/payments/${orderId}`)).body.status).toBe('refunded');
      expect(expectRevision(await shop.refund(orderId, 'once more'))).toBe(revision);
      expect(await shop.get(`/orders/${orderId}`)).toMatchObject({
        body: { status: 'shipped', payment: { status: 'refunded' } },
      });
    });

    it('rejects the refund of a payment that was not captured with 409', async () => {
      const orderId = await shop.placeOne('vase', 1, 'tok_declined');
      await waitForStatus(system, orderId, 'rejected');
      expect((await shop.refund(orderId, 'broken')).status).toBe(409);
    });

    it.each([
      ['tok_flaky', 'confirmed', 'captured'],
      ['tok_slow', 'confirmed', 'captured'],
      ['tok_declined', 'rejected', 'declined'],
      ['tok_down', 'rejected', 'failed'],
    ])('with the payment token %s the order ends %s and the payment %s', async (token, status, payment) => {
      const productId = `for-${token}`;
      await shop.createItem(productId, 3);
      const orderId = await shop.placeOne(productId, 3, token);
      expect(await waitForStatus(system, orderId, status)).toMatchObject({ payment: { status: payment } });
      const held = status === 'confirmed' ? 3 : 0;
      await waitForStock(shop, productId, { onHand: 3, reserved: held, available: 3 - held });
    });
  });
});
