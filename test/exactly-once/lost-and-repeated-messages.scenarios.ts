import { setTimeout as sleep } from 'node:timers/promises';
import pLimit from 'p-limit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gbp } from '../support/shop.ts';
import { type CustomerRecord, createCustomers } from './clients/customers.ts';
import { createImpatientClient, type ImpatientClient } from './clients/impatient-client.ts';
import { createSeededRandom } from './faults/fault-injector.ts';
import { type FaultyShop, startFaultyShop } from './faulty-shop.ts';

const ORDERS = Number(process.env.FAULTS_ORDERS ?? 2_000);
const RECEIPTS = 200;
const CONCURRENCY = 96;
/** While more orders are in flight, no customer places another. */
const MAX_ORDERS_IN_FLIGHT = 250;
const PLENTIFUL = Array.from({ length: 24 }, (_, n) => `item-${n}`);
const SCARCE = ['gem', 'fur'];

describe(`${ORDERS} orders, with lost, late, duplicated and reordered messages of event store and payment provider`, () => {
  let shop: FaultyShop;
  let client: ImpatientClient;
  const records: CustomerRecord[] = [];
  /** Units by product, as the command API acknowledged them. */
  const received = new Map<string, number>();

  const createItems = async (random: () => number) => {
    for (const productId of [...PLENTIFUL, ...SCARCE]) {
      const price = gbp(101 + Math.floor(random() * 900));
      const quantity = SCARCE.includes(productId) ? 40 : 20_000;
      const body = { productId, name: productId, price, quantity };
      await client.send({ path: '/inventory/items', body, role: 'operator', key: `create ${productId}` });
    }
  };
  const receive = async (n: number) => {
    const productId = PLENTIFUL[n % PLENTIFUL.length] ?? '';
    const quantity = 1 + (n % 7);
    const path = `/inventory/items/${productId}/receipts`;
    await client.send({ path, body: { quantity }, role: 'operator', key: `receive ${n}` });
    received.set(productId, (received.get(productId) ?? 0) + quantity);
  };

  beforeAll(async () => {
    shop = await startFaultyShop();
    const random = createSeededRandom(shop.seed);
    client = createImpatientClient({ commandUrls: shop.commandUrls, random });
    await createItems(random);
    const customer = createCustomers(client, { plentiful: PLENTIFUL, scarce: SCARCE }, random);
    const limit = pLimit(CONCURRENCY);
    await Promise.all([
      ...Array.from({ length: ORDERS }, (_, n) =>
        limit(async () => {
          while (shop.logAudit.ordersInFlight > MAX_ORDERS_IN_FLIGHT) await sleep(10);
          records.push(await customer(`${n}`));
        }),
      ),
      ...Array.from({ length: RECEIPTS }, (_, n) => limit(() => receive(n))),
    ]);
    shop.log('all commands are answered');
    shop.stopFaults();
    await shop.waitUntil(({ undelivered, delayedMessages }) => undelivered === 0 && delayedMessages === 0);
    shop.log('all events are delivered');
    // Parked events are handled now, and every event that is handled from now on is parked after it.
    shop.storeFaults.setRate('acknowledgement: replaced by parking', 1);
    await shop.replayParked();
    await shop.waitUntil(
      ({ undelivered, ordersInFlight, parked }) => undelivered === 0 && ordersInFlight === 0 && parked > 0,
    );
    shop.storeFaults.stop();
    shop.log('all orders are at rest');
  }, 240_000);
  afterAll(async () => {
    const counts = { ...client.counts, ...shop.storeFaults.counts, ...shop.providerFaults.counts };
    process.stdout.write(`${JSON.stringify(counts, null, 1)}\n`);
    await shop.stop();
  }, 60_000);

  it('has injected every kind of fault', () => {
    expect([...shop.storeFaults.missing(), ...shop.providerFaults.missing()]).toEqual([]);
    expect(Math.min(client.counts.duplicates, client.counts.aborted)).toBeGreaterThan(0);
  });

  it('records no further event when handled events are replayed from the parked stream', async () => {
    const { events } = await shop.waitUntil(({ ordersInFlight }) => ordersInFlight === 0);
    // The server may still be writing the last events to the parked stream, so the replay is repeated.
    const after = await shop.waitUntil(
      ({ parked, undelivered }) => parked === 0 && undelivered === 0,
      () => shop.replayParked(),
    );
    expect(after).toMatchObject({ ordersInFlight: 0, events });
  });

  it('places every order once, with the total of the response', () => {
    expect(new Set(records.map(({ orderId }) => orderId)).size).toBe(ORDERS);
    expect(shop.logAudit.orders.size).toBe(ORDERS);
    for (const { orderId, total } of records)
      expect(shop.logAudit.orders.get(orderId)?.placed.total.amount, orderId).toBe(total);
  });

  it('charges and refunds each order once, and keeps stock consistent at every event', () => {
    expect(shop.violations()).toEqual([]);
    expect(shop.paymentProvider.invalidRequests).toEqual([]);
  });

  it('does what the responses to cancellations and refunds say', () => {
    const { logAudit } = shop;
    for (const { orderId, cancelled, refunded } of records) {
      const outcome = logAudit.outcomeOf(orderId);
      const isRefunded = (logAudit.orders.get(orderId)?.refunded ?? 0) > 0;
      if (cancelled?.status === 200) expect(outcome, orderId).toBe('cancelled');
      else if (cancelled !== undefined) expect(['shipped', 'rejected'], orderId).toContain(outcome);
      if (refunded?.status === 200) expect(isRefunded, orderId).toBe(true);
    }
    const outcomes = records.map(({ orderId }) => logAudit.outcomeOf(orderId));
    expect(new Set(outcomes)).toEqual(new Set(['shipped', 'rejected', 'cancelled']));
  });

  it('receives every delivery of goods once', () => {
    for (const [productId, units] of received)
      expect(shop.logAudit.stock.get(productId)?.received, productId).toBe(units);
  });

  it('shows in the read models what the events say', async () => {
    const checks = await shop.verifyReadModels();
    expect(checks.length).toBeGreaterThan(0);
    for (const check of checks) expect(check).toMatchObject({ ok: true });
  });
});
