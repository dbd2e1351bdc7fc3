import { setTimeout as sleep } from 'node:timers/promises';
import pLimit from 'p-limit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call } from '../support/http.ts';
import { gbp } from '../support/shop.ts';
import { tokenFor } from '../support/system.ts';
import { type House, openHouse } from './faulty-shop.ts';

const ORDERS = Number(process.env.FAULTS_ORDERS ?? 2_000);
const AT_ONCE = 48;
const PRODUCTS = Array.from({ length: 16 }, (_, n) => `item-${n}`);

describe(`${ORDERS} orders, each cancelled and dispatched at the same instant, by way of two processes`, () => {
  let house: House;
  /** How the two were answered, by order. */
  const answers = new Map<string, { readonly cancel: number; readonly dispatch: number }>();
  /** Of orders that were shipped and then given back twice at once. */
  const refunds: number[] = [];

  beforeAll(async () => {
    house = await openHouse(
      { CARRIER: 'manual', DISPATCH_FIRST_DEADLINE_MS: '20000' },
      { undisturbed: true },
    );
    const { accounts, commandUrls } = house;
    const operator = tokenFor('operator');
    const post = (process: number, path: string, body: unknown) =>
      call('POST', `${commandUrls[process % commandUrls.length]}/api/v1${path}`, { token: operator, body });
    for (const productId of PRODUCTS)
      await post(0, '/inventory/items', { productId, name: productId, price: gbp(250), quantity: 10_000 });

    const race = async (n: number) => {
      const items = [{ productId: PRODUCTS[n % PRODUCTS.length], quantity: 1 + (n % 3) }];
      const { body } = await post(n, '/orders', { items });
      const orderId = String(body.orderId);
      while (accounts.orders.get(orderId)?.events.has('ShipmentRequested') !== true) await sleep(5);

      const parcel = { carrier: 'By hand', trackingNumber: `T${n}` };
      const cancelling = () => post(n, `/orders/${orderId}/cancel`, {});
      const dispatching = () => post(n + 1, `/shipments/${orderId}/dispatch`, parcel);
      // Neither is always the first to be sent.
      const [first, second] = await Promise.all(
        n % 2 === 0 ? [cancelling(), dispatching()] : [dispatching(), cancelling()],
      );
      const [cancel, dispatch] = n % 2 === 0 ? [first, second] : [second, first];
      answers.set(orderId, { cancel: cancel.status, dispatch: dispatch.status });
      if (dispatch.status !== 200 || n % 5 !== 0) return;
      const path = `/payments/${orderId}/refund`;
      const twice = await Promise.all([0, 1].map((process) => post(process, path, { reason: 'broken' })));
      refunds.push(...twice.map(({ status }) => status));
    };
    const atOnce = pLimit(AT_ONCE);
    await Promise.all(Array.from({ length: ORDERS }, (_, n) => atOnce(() => race(n))));
    house.say('all is asked for');
    await house.until(({ underWay, undelivered }) => underWay === 0 && undelivered === 0);
    house.say('all is at rest');
  }, 240_000);
  afterAll(() => house.close(), 60_000);

  it('exactly one wins, and the other is told so', () => {
    expect(answers.size).toBe(ORDERS);
    for (const [orderId, { cancel, dispatch }] of answers)
      expect([cancel, dispatch].sort(), orderId).toEqual([200, 409]);
  });

  it('the order ends as the winner was told', () => {
    const wins = { shipped: 0, cancelled: 0 };
    for (const [orderId, { dispatch }] of answers) {
      const winner = dispatch === 200 ? 'shipped' : 'cancelled';
      expect(house.accounts.endOf(orderId), orderId).toBe(winner);
      wins[winner] += 1;
    }
    expect(Math.min(wins.shipped, wins.cancelled)).toBeGreaterThan(ORDERS / 50);
  });

  it('who asks twice at once for the money back gets it once', () => {
    expect(refunds.length).toBeGreaterThan(0);
    expect(new Set(refunds)).toEqual(new Set([200]));
  });

  it('money and stock agree with it, at every event', async () => {
    const nothing = { charged: 0, refunded: 0 };
    expect(house.accounts.close((orderId) => house.bank.accounts.get(orderId) ?? nothing)).toEqual([]);
    expect(house.bank.complaints).toEqual([]);
    for (const check of await house.audit()) expect(check).toMatchObject({ ok: true });
  });
});
