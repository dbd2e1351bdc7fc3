import { setTimeout as sleep } from 'node:timers/promises';
import pLimit from 'p-limit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gbp } from '../support/shop.ts';
import { customersOf, type Story } from './clients/customers.ts';
import { type Shoppers, shoppersOf } from './clients/impatient-client.ts';
import { randomFrom } from './faults/fault-injector.ts';
import { type House, openHouse } from './faulty-shop.ts';

const ORDERS = Number(process.env.FAULTS_ORDERS ?? 2_000);
const RECEIPTS = 200;
const AT_ONCE = 96;
/** More customers come only when no more orders than these are under way. */
const UNDER_WAY = 250;
const PLENTY = Array.from({ length: 24 }, (_, n) => `item-${n}`);
const SCARCE = ['gem', 'fur'];

describe(`${ORDERS} orders, while answers of store and bank are lost, late, repeated and overtaken`, () => {
  let house: House;
  let shoppers: Shoppers;
  const stories: Story[] = [];
  /** Units by product, as the answers have it. */
  const received = new Map<string, number>();

  beforeAll(async () => {
    house = await openHouse();
    const random = randomFrom(house.seed);
    shoppers = shoppersOf({ commandUrls: house.commandUrls, random });
    for (const productId of [...PLENTY, ...SCARCE]) {
      const price = gbp(101 + Math.floor(random() * 900));
      const quantity = SCARCE.includes(productId) ? 40 : 20_000;
      const body = { productId, name: productId, price, quantity };
      await shoppers.request({
        path: '/inventory/items',
        body,
        role: 'operator',
        key: `create ${productId}`,
      });
    }

    const customer = customersOf(shoppers, { plenty: PLENTY, scarce: SCARCE }, random);
    const receive = async (n: number) => {
      const productId = PLENTY[n % PLENTY.length] ?? '';
      const quantity = 1 + (n % 7);
      const path = `/inventory/items/${productId}/receipts`;
      await shoppers.request({ path, body: { quantity }, role: 'operator', key: `receive ${n}` });
      received.set(productId, (received.get(productId) ?? 0) + quantity);
    };
    const atOnce = pLimit(AT_ONCE);
    await Promise.all([
      ...Array.from({ length: ORDERS }, (_, n) =>
        atOnce(async () => {
          while (house.accounts.underWay > UNDER_WAY) await sleep(10);
          stories.push(await customer(`${n}`));
        }),
      ),
      ...Array.from({ length: RECEIPTS }, (_, n) => atOnce(() => receive(n))),
    ]);
    house.say('all is asked for');
    house.calm();
    await house.until(({ undelivered, onTheWay }) => undelivered === 0 && onTheWay === 0);
    house.say('all is delivered');
    // What was parked is handled, and every event that is handled from now on is parked after it.
    house.onTheWay.set('acknowledgement: becomes a parking', 1);
    await house.replayParked();
    await house.until(
      ({ undelivered, underWay, parked }) => undelivered === 0 && underWay === 0 && parked > 0,
    );
    house.onTheWay.end();
    house.say('all is at rest');
  }, 240_000);
  afterAll(async () => {
    const counts = { ...shoppers.counts, ...house.onTheWay.counts, ...house.atTheBank.counts };
    process.stdout.write(`${JSON.stringify(counts, null, 1)}\n`);
    await house.close();
  }, 60_000);

  it('everything that was to go wrong did', () => {
    expect([...house.onTheWay.never(), ...house.atTheBank.never()]).toEqual([]);
    expect(Math.min(shoppers.counts.twins, shoppers.counts.hungUp)).toBeGreaterThan(0);
  });

  it('parked events that are replayed change nothing twice', async () => {
    const { events } = await house.until(({ underWay }) => underWay === 0);
    // What was refused last may still be on its way into the parked stream: it is replayed once it is there.
    const after = await house.until(
      ({ parked, undelivered }) => parked === 0 && undelivered === 0,
      () => house.replayParked(),
    );
    expect(after).toMatchObject({ underWay: 0, events });
  });

  it('every order was placed once, as its customer was told', () => {
    expect(new Set(stories.map(({ orderId }) => orderId)).size).toBe(ORDERS);
    expect(house.accounts.orders.size).toBe(ORDERS);
    for (const { orderId, total } of stories)
      expect(house.accounts.orders.get(orderId)?.placed.total.amount, orderId).toBe(total);
  });

  it('money in is money out or money for goods, once, and stock adds up at every event', () => {
    const nothing = { charged: 0, refunded: 0 };
    expect(house.accounts.close((orderId) => house.bank.accounts.get(orderId) ?? nothing)).toEqual([]);
    expect(house.bank.complaints).toEqual([]);
  });

  it('what customers were told of a cancellation or a refund is what happened', () => {
    const { accounts } = house;
    for (const { orderId, cancelled, refunded } of stories) {
      const end = accounts.endOf(orderId);
      const givenBack = (accounts.orders.get(orderId)?.refunded ?? 0) > 0;
      if (cancelled?.status === 200) expect(end, orderId).toBe('cancelled');
      else if (cancelled !== undefined) expect(['shipped', 'rejected'], orderId).toContain(end);
      if (refunded?.status === 200) expect(givenBack, orderId).toBe(true);
    }
    const ends = stories.map(({ orderId }) => accounts.endOf(orderId));
    expect(new Set(ends)).toEqual(new Set(['shipped', 'rejected', 'cancelled']));
  });

  it('every delivery of goods was received once', () => {
    for (const [productId, units] of received)
      expect(house.accounts.stock.get(productId)?.received, productId).toBe(units);
  });

  it('the read models are what the events say', async () => {
    for (const check of await house.audit()) expect(check).toMatchObject({ ok: true });
  });
});
