import { setTimeout as sleep } from 'node:timers/promises';
import pLimit from 'p-limit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call } from '../support/http.ts';
import { gbp } from '../support/shop.ts';
import { tokenFor } from '../support/system.ts';
import { type FaultyShop, startFaultyShop } from './faulty-shop.ts';

const ORDERS = Number(process.env.FAULTS_ORDERS ?? 2_000);
const CONCURRENCY = 48;
const PRODUCTS = Array.from({ length: 16 }, (_, n) => `item-${n}`);

describe(`${ORDERS} orders, each cancelled and dispatched at the same time through two processes`, () => {
  let shop: FaultyShop;
  /** Status of both responses, by order. */
  const responses = new Map<string, { readonly cancel: number; readonly dispatch: number }>();
  /** Status of the responses for shipped orders that were refunded twice at the same time. */
  const refunds: number[] = [];

  beforeAll(async () => {
    shop = await startFaultyShop(
      { CARRIER: 'manual', DISPATCH_FIRST_DEADLINE_MS: '20000' },
      { withoutFaults: true },
    );
    const { logAudit, commandUrls } = shop;
    const operator = tokenFor('operator');
    const post = (process: number, path: string, body: unknown) =>
      call('POST', `${commandUrls[process % commandUrls.length]}/api/v1${path}`, { token: operator, body });
    for (const productId of PRODUCTS)
      await post(0, '/inventory/items', { productId, name: productId, price: gbp(250), quantity: 10_000 });

    const race = async (n: number) => {
      const items = [{ productId: PRODUCTS[n % PRODUCTS.length], quantity: 1 + (n % 3) }];
      const { body } = await post(n, '/orders', { items });
      const orderId = String(body.orderId);
      while (logAudit.orders.get(orderId)?.events.has('ShipmentRequested') !== true) await sleep(5);

      const parcel = { carrier: 'By hand', trackingNumber: `T${n}` };
      const cancelling = () => post(n, `/orders/${orderId}/cancel`, {});
      const dispatching = () => post(n + 1, `/shipments/${orderId}/dispatch`, parcel);
      // Each of the two is sent first in half of the orders.
      const [first, second] = await Promise.all(
        n % 2 === 0 ? [cancelling(), dispatching()] : [dispatching(), cancelling()],
      );
      const [cancel, dispatch] = n % 2 === 0 ? [first, second] : [second, first];
      responses.set(orderId, { cancel: cancel.status, dispatch: dispatch.status });
      if (dispatch.status !== 200 || n % 5 !== 0) return;
      const path = `/payments/${orderId}/refund`;
      const twice = await Promise.all([0, 1].map((process) => post(process, path, { reason: 'broken' })));
      refunds.push(...twice.map(({ status }) => status));
    };
    const limit = pLimit(CONCURRENCY);
    await Promise.all(Array.from({ length: ORDERS }, (_, n) => limit(() => race(n))));
    shop.log('all commands are answered');
    await shop.waitUntil(({ ordersInFlight, undelivered }) => ordersInFlight === 0 && undelivered === 0);
    shop.log('all orders are at rest');
  }, 240_000);
  afterAll(() => shop.stop(), 60_000);

  it('accepts exactly one of the two commands and rejects the other with 409', () => {
    expect(responses.size).toBe(ORDERS);
    for (const [orderId, { cancel, dispatch }] of responses)
      expect([cancel, dispatch].sort(), orderId).toEqual([200, 409]);
  });

  it('ends each order as the accepted command says', () => {
    const counts = { shipped: 0, cancelled: 0 };
    for (const [orderId, { dispatch }] of responses) {
      const outcome = dispatch === 200 ? 'shipped' : 'cancelled';
      expect(shop.logAudit.outcomeOf(orderId), orderId).toBe(outcome);
      counts[outcome] += 1;
    }
    expect(Math.min(counts.shipped, counts.cancelled)).toBeGreaterThan(ORDERS / 50);
  });

  it('answers two concurrent refund commands of one order with 200', () => {
    expect(refunds.length).toBeGreaterThan(0);
    expect(new Set(refunds)).toEqual(new Set([200]));
  });

  it('moves money and stock once, at every event of the log', () => {
    expect(shop.violations()).toEqual([]);
    expect(shop.paymentProvider.invalidRequests).toEqual([]);
  });

  it('shows in the read models what the events say', async () => {
    const checks = await shop.verifyReadModels();
    expect(checks.length).toBeGreaterThan(0);
    for (const check of checks) expect(check).toMatchObject({ ok: true });
  });
});
