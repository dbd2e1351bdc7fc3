import { EventStoreDBClient, START } from '@eventstore/db-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call } from '../support/http.ts';
import { createShopClient } from '../support/shop.ts';
import { type System, startSystem } from '../support/system.ts';
import { accepted, OrderLoad, type Outcome, percentile } from './load.ts';

const PRODUCTS = Array.from({ length: 50 }, (_, index) => `${20_000 + index}`);
const IN_FLIGHT = 64;
const WARM_UP_SECONDS = 6;
const SECONDS = 4;
const ROUNDS = 3;
const ROUND_SECONDS = 8;
const BURST = 200;

describe('a system that receives three times its maximum rate', () => {
  let system: System;
  let load: OrderLoad;
  const placed: Outcome[] = [];
  beforeAll(async () => {
    system = await startSystem();
    const shop = createShopClient(system);
    for (const productId of PRODUCTS) await shop.createItem(productId, 1_000_000);
    load = new OrderLoad(system.commandUrl, shop.operator, PRODUCTS);
  });
  afterAll(async () => {
    await load.close();
    await system.stop();
  });

  it('rejects the excess, answers accepted orders in time, and is as fast as before afterwards', async () => {
    const highest = async () => {
      const outcomes = await load.closedLoop(IN_FLIGHT, SECONDS);
      placed.push(...outcomes);
      return { perSecond: accepted(outcomes).length / SECONDS, p99: percentile(outcomes, 0.99), outcomes };
    };
    await load.connect();
    placed.push(...(await load.closedLoop(IN_FLIGHT, WARM_UP_SECONDS)));
    const before = await highest();

    const rounds: (readonly Outcome[])[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      rounds.push(await load.openLoop(3 * before.perSecond, ROUND_SECONDS));
      // A rejected client may retry after a second, and is accepted then.
      placed.push(...(await load.closedLoop(IN_FLIGHT, 1)));
    }
    const overload = rounds.flat();
    placed.push(...overload);
    const taken = accepted(overload);
    const p99s = rounds.map((round) => Math.round(percentile(accepted(round), 0.99)));
    const after = await highest();
    const figures = {
      highestPerSecond: Math.round(before.perSecond),
      p99BeforeMs: Math.round(before.p99),
      offered: overload.length,
      taken: taken.length,
      takenP50Ms: Math.round(percentile(taken, 0.5)),
      takenP99Ms: p99s,
      afterPerSecond: Math.round(after.perSecond),
      p99AfterMs: Math.round(after.p99),
    };
    process.stdout.write(`${JSON.stringify(figures)}\n`);

    const rejected = overload.filter(({ status }) => status !== 201);
    expect(rejected.length).toBeGreaterThan(0);
    for (const { status, retryAfter } of rejected) {
      expect([429, 503]).toContain(status);
      expect(Number(retryAfter)).toBeGreaterThan(0);
    }
    expect(p99s.toSorted((a, b) => a - b)[1]).toBeLessThan(1_000);
    // Rejections take time too, so fewer orders are accepted than at the maximum rate.
    expect(taken.length).toBeGreaterThan((before.perSecond * ROUNDS * ROUND_SECONDS) / 4);

    expect(after.outcomes.every(({ status }) => status === 201)).toBe(true);
    expect(after.perSecond).toBeGreaterThan(before.perSecond / 2);
    expect(after.p99).toBeLessThan(1_000);
    expect(await call('GET', `${system.commandUrl}/health/ready`)).toMatchObject({ status: 200 });
  });

  it('accepts a burst of 200 orders completely', async () => {
    const burst = await Promise.all(Array.from({ length: BURST }, () => load.one()));
    placed.push(...burst);
    expect(accepted(burst).length).toBe(BURST);
  });

  it('has exactly the orders in the log that it answered with 201', async () => {
    const client = EventStoreDBClient.connectionString(system.env.EVENTSTORE_URL ?? '');
    const inLog = new Set<string>();
    for await (const { event } of client.readAll({ fromPosition: START }))
      if (event?.type === 'OrderPlaced') inLog.add(event.streamId.slice('order-'.length));
    await client.dispose();
    const answered = accepted(placed).map(({ orderId }) => orderId ?? '');
    expect(answered.filter((orderId) => !inLog.has(orderId))).toEqual([]);
    expect(inLog.size).toBe(answered.length);
  });
});
