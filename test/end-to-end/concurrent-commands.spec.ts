import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SharedSystem, useSharedShop } from '../support/shared-systems/use-shared-shop.ts';
import { gbp, type ShopClient, stepByStep } from '../support/shop.ts';
import { waitForStatus, waitForTimelineEvent, waitUntil } from '../support/wait-until.ts';

const PARCEL = { carrier: 'By hand', trackingNumber: 'H-1' };

describe('concurrent commands', () => {
  let system: SharedSystem;
  let shop: ShopClient;
  beforeAll(async () => {
    ({ system, shop } = await useSharedShop(stepByStep));
  });
  afterAll(() => system.release());

  const confirmed = async (productId: string, quantity = 1): Promise<string> => {
    const orderId = await shop.placeOne(productId, quantity);
    await waitForStatus(system, orderId, 'confirmed');
    return orderId;
  };
  /** Returns how often an order's timeline has an event type. */
  const count = async (orderId: string, type: string) =>
    (await shop.timelineTypes(orderId)).filter((one) => one === type).length;

  it('cancel and dispatch of one order: one succeeds, the other is rejected with 409', async () => {
    await shop.createItem('drone', 100);
    for (let n = 0; n < 12; n += 1) {
      const orderId = await confirmed('drone');
      const racing = [() => shop.cancel(orderId, {}), () => shop.dispatch(orderId, PARCEL)];
      const [one, other] = await Promise.all((n % 2 === 0 ? racing : racing.reverse()).map((go) => go()));
      expect([one?.status, other?.status].sort()).toEqual([200, 409]);
      const [cancel] = n % 2 === 0 ? [one] : [other];
      await waitForStatus(system, orderId, cancel?.status === 200 ? 'cancelled' : 'shipped');
    }
    await waitUntil(
      'nothing is reserved',
      () => shop.stockLevels('drone'),
      ({ reserved }) => reserved === 0,
    );
  });

  it('refunds of one order: all succeed, and the money is refunded once', async () => {
    await shop.createItem('drum', 5);
    const orderId = await confirmed('drum');
    await shop.dispatch(orderId, PARCEL);
    const both = await Promise.all([shop.refund(orderId, 'broken'), shop.refund(orderId, 'too loud')]);
    expect(both.map(({ status }) => status)).toEqual([200, 200]);
    await waitForTimelineEvent(shop, orderId, 'PaymentRefunded');
    expect((await shop.refund(orderId, 'once more')).status).toBe(200);
    expect(await count(orderId, 'RefundRequested')).toBe(1);
    expect(await count(orderId, 'PaymentRefunded')).toBe(1);
    await expect
      .poll(() => shop.get(`/payments/${orderId}`))
      .toMatchObject({ body: { status: 'refunded', amount: gbp(250) } });
  });

  it('refund and dispatch of one order: the refund succeeds, and the order ends shipped or cancelled as the dispatch answered', async () => {
    await shop.createItem('horn', 20);
    for (let n = 0; n < 6; n += 1) {
      const orderId = await confirmed('horn');
      const racing = [() => shop.refund(orderId, 'broken'), () => shop.dispatch(orderId, PARCEL)];
      const answers = await Promise.all((n % 2 === 0 ? racing : racing.reverse()).map((go) => go()));
      const [refund, dispatch] = n % 2 === 0 ? answers : answers.reverse();
      expect(refund?.status).toBe(200);
      await waitForStatus(system, orderId, dispatch?.status === 200 ? 'shipped' : 'cancelled');
      await waitForTimelineEvent(shop, orderId, 'PaymentRefunded');
    }
    await waitUntil(
      'nothing is reserved',
      () => shop.stockLevels('horn'),
      ({ reserved }) => reserved === 0,
    );
  });

  it('a price change during the payment changes neither the order nor the charge', async () => {
    await shop.createItem('globe', 10, gbp(250));
    // The price changes while the capture takes two seconds.
    const placed = await shop.place({
      items: [{ productId: 'globe', quantity: 2 }],
      payment: { token: 'tok_slow' },
    });
    expect(placed.body.total).toEqual(gbp(500));
    const repriced = await shop.patch('/inventory/items/globe', { price: gbp(9_999) });
    const { orderId } = placed.body;
    const meanwhile = await shop.get(`/orders/${orderId}?minPosition=${repriced.body.position}`);
    expect(meanwhile.body.status).toBe('placed');
    const order = await waitForStatus(system, orderId, 'confirmed');
    expect(order).toMatchObject({
      items: [{ productId: 'globe', unitPrice: gbp(250), lineTotal: gbp(500) }],
      total: gbp(500),
    });
    await expect
      .poll(() => shop.get(`/payments/${orderId}`))
      .toMatchObject({ body: { status: 'captured', amount: gbp(500) } });
    const next = await shop.place({ items: [{ productId: 'globe', quantity: 2 }] });
    expect(next.body.total).toEqual(gbp(19_998));
  });

  it('adjustments during reservations never take reserved units', async () => {
    await shop.createItem('plate', 12);
    const adjust = () => shop.post('/inventory/items/plate/adjustments', { quantity: -1, reason: 'broken' });
    const placing = Array.from({ length: 10 }, () => shop.placeOne('plate', 1));
    const adjusting = Array.from({ length: 10 }, adjust);
    const orders = await Promise.all(placing);
    const statuses = (await Promise.all(adjusting)).map(({ status }) => status);
    const lost = statuses.filter((status) => status === 200).length;
    expect(statuses.every((status) => status === 200 || status === 409)).toBe(true);

    // Each unit is either adjusted away or sold, and none is both.
    const ends = await Promise.all(
      orders.map((orderId) =>
        waitUntil(
          `order ${orderId} is confirmed or rejected`,
          async () => (await shop.get(`/orders/${orderId}`)).body?.status,
          (status) => status === 'confirmed' || status === 'rejected',
        ),
      ),
    );
    const sold = ends.filter((status) => status === 'confirmed').length;
    expect(sold).toBe(Math.min(10, 12 - lost));
    await waitUntil(
      'the remaining stock',
      () => shop.stockLevels('plate'),
      ({ onHand, reserved }) => onHand === 12 - lost && reserved === sold,
    );
    for (let free = 12 - lost - sold; free > 0; free -= 1) expect((await adjust()).status).toBe(200);
    expect((await adjust()).status).toBe(409);
    expect(await shop.stockLevels('plate')).toMatchObject({ available: 0 });
  });
});
