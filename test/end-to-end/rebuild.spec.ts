import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { generateOrders, orderIdOf } from '../../bench/data/generate-orders.ts';
import { catalogue } from '../../event-catalogue/catalogue.ts';
import { connectEventStore } from '../../event-store/connect.ts';
import { eventually } from '../../event-store/testing/eventually.ts';
import type { OrderDocument } from '../../projections/orders/document.ts';
import { ordersProjection } from '../../projections/orders/projection.ts';
import { readModels } from '../../projections/read-models.ts';
import { verify } from '../../projections/verify/verify.ts';
import { openReadStore } from '../../read-store/open-read-store.ts';
import { launch } from '../support/processes/launch-orderstream.ts';
import { StartedSystems } from '../support/processes/started-systems.ts';
import { waitUntilServing } from '../support/processes/wait-until-serving.ts';
import { createShopClient } from '../support/shop.ts';
import { orderstream, readyUrls, type TestEnvironment } from '../support/system.ts';
import { waitUntil } from '../support/wait-until.ts';

/** Without process managers, which would handle all generated orders. */
const OTHERS = ['eventstore', 'write-side', 'read-api'] as const;

const systems = new StartedSystems();
/** Stops the traffic of a test, also of a failed test. */
let endTraffic: () => Promise<unknown> = async () => {};
afterEach(async () => {
  await endTraffic();
  endTraffic = async () => {};
  await systems.end();
});

/** Starts a system with so many orders that a rebuild takes some time. `isApart` runs the projector in its own process. */
async function filledSystem(orders: number, isApart = false) {
  const here = await systems.createEnvironment({ LOG_LEVEL: 'warn' });
  const system = systems.start(here, ...OTHERS, ...(isApart ? [] : ['projections']));
  const projector = isApart ? systems.start(here, 'projections') : system;
  // The query API is ready only with a projector.
  await waitUntilServing(system, readyUrls(here, OTHERS));
  const store = connectEventStore({ catalogue, url: String(here.env.EVENTSTORE_URL) });
  await generateOrders(store, { orders });
  const end = (await store.head())?.commit ?? 0n;
  await store.close();
  await untilAll(here, ({ status, position }) => status === 'live' && BigInt(position) >= end);
  return { here, projector };
}

interface Row {
  readonly name: string;
  readonly generation: number;
  readonly status: string;
  readonly position: string;
}

const rows = async (here: TestEnvironment): Promise<Row[]> =>
  (await createShopClient(here).get('/projections')).body?.items ?? [];
const untilAll = (here: TestEnvironment, holds: (row: Row) => boolean) =>
  waitUntil(
    'every read model is as expected',
    () => rows(here),
    (all) => all.length > 0 && all.every(holds),
  );

/** Sends orders, receipts and queries until it is stopped; returns the errors. `isFresh` queries at the commands' positions. */
function startTraffic(here: TestEnvironment, isFresh: boolean) {
  const shop = createShopClient(here);
  const wrong: string[] = [];
  const counts = { orders: 0, queries: 0 };
  const positions = new Map<string, bigint>();
  let isOver = false;
  /** Leaves processor time for the rebuild. */
  const pause = () => sleep(25);
  const customer = (async () => {
    for (; !isOver; await pause()) {
      const placed = await shop.place({ items: [{ productId: '20001A', quantity: 1 }] });
      counts.orders += 1;
      const { orderId, position } = placed.body;
      const headers = isFresh ? { headers: { 'orderstream-min-position': position } } : {};
      const read = await shop.get(`/orders/${orderId}`, headers);
      if (placed.status !== 201 || (isFresh && read.status !== 200))
        wrong.push(`an order: ${placed.status}, read back: ${read.status}`);
    }
  })();
  const receiver = (async () => {
    for (; !isOver; await pause()) await shop.post('/inventory/items/20001A/receipts', { quantity: 1 });
  })();
  const paths = ['/orders?limit=20', `/orders/${orderIdOf(7)}`, '/inventory/items/20001A', '/sales/daily'];
  const reader = (async () => {
    for (; !isOver; await pause()) {
      const path = String(paths[counts.queries % paths.length]);
      const { status } = await shop.get(path);
      counts.queries += 1;
      if (status !== 200) wrong.push(`${path}: ${status}`);
    }
  })();
  const watcher = (async () => {
    let sold = 0;
    for (; !isOver; await pause()) {
      const { body } = await shop.get('/inventory/items/20001A/movements?limit=1');
      const revision = Number(body.items[0].revision);
      if (revision < sold) wrong.push(`the movements went back from ${sold} to ${revision}`);
      sold = revision;
      for (const { name, position } of await rows(here)) {
        if (BigInt(position) < (positions.get(name) ?? 0n)) wrong.push(`${name} went back to ${position}`);
        positions.set(name, BigInt(position));
      }
    }
  })();
  const all = [customer, receiver, reader, watcher];
  endTraffic = async () => {
    isOver = true;
    await Promise.allSettled(all);
  };
  return async () => {
    isOver = true;
    await Promise.all(all);
    return { wrong, ...counts };
  };
}

/** Returns the read models that differ from a fresh fold of the events. */
async function failedChecks(here: TestEnvironment): Promise<unknown[]> {
  const readStore = await openReadStore(`sqlite:${here.folder}/read-store`);
  const store = connectEventStore({ catalogue, url: String(here.env.EVENTSTORE_URL) });
  const checks = await verify({ store, readStore, projections: readModels });
  await Promise.all([store.close(), readStore.close()]);
  // The payment provider does not know the generated orders.
  return checks.filter(({ name, ok }) => !ok && name.startsWith('read model'));
}

describe('rebuilding read models while commands and queries continue', () => {
  it('answers every query, never shows an older state, and ends equal to a fold of the events', async () => {
    const { here, projector } = await filledSystem(200);
    const end = startTraffic(here, true);
    const { code, stdout, stderr } = await orderstream(['rebuild', '--all'], here.env);
    const { wrong, orders, queries } = await end();
    expect(wrong).toEqual([]);
    expect(projector.output()).not.toContain('Warning');
    expect(stdout).toContain('orders: rebuilt; generation 2 is live.');
    expect(stderr).toMatch(/^orders {4}\[█*░*\] \d+% (\d+ events, \d+\/s(, \d+ s left)?|done)$/m);
    expect(code).toBe(0);
    expect(Math.min(orders, queries)).toBeGreaterThan(5);
    expect((await rows(here)).map(({ generation }) => generation)).toEqual(readModels.map(() => 2));
    expect(await failedChecks(here)).toEqual([]);
  });

  it('continues after the projector is killed midway; a second request joins the running rebuild', async () => {
    const { here, projector } = await filledSystem(200, true);
    const readStore = await openReadStore(`sqlite:${here.folder}/read-store`);
    const rebuildOf = async (name: string) =>
      (await readStore.statuses()).find((status) => status.name === name)?.rebuild;
    const end = startTraffic(here, false);
    const command = launch(['rebuild', 'orders', 'timeline'], here.env);
    await waitUntil(
      'the next generation exists',
      () => readStore.storedGenerations('orders'),
      (numbers) => numbers.includes(2),
    );
    const next = await readStore.generation(ordersProjection, 2);
    const begun = await waitUntil(
      'the first events are folded',
      () => next.checkpoint(),
      (checkpoint) => checkpoint !== undefined,
    );
    await projector.killAll();
    const impatient = launch(['rebuild', 'orders'], here.env);
    systems.start(here, 'projections');
    const resumed = await waitUntil(
      'the rebuild continues at its checkpoint',
      () => rebuildOf('orders'),
      (progress) => progress === undefined || progress.from !== '0',
    );
    expect(Number(resumed?.from ?? begun?.commit)).toBeGreaterThanOrEqual(Number(begun?.commit));
    impatient.signal('SIGINT');
    const { code, stdout } = await command.ended;
    const { wrong } = await end();
    expect({ code, wrong }).toEqual({ code: 0, wrong: [] });
    expect(stdout).toContain('orders: rebuilt; generation 2 is live.');
    expect(stdout).toContain('timeline: rebuilt; generation 2 is live.');
    await impatient.ended;
    await untilAll(here, ({ status }) => status === 'live');
    await readStore.close();
    expect(await failedChecks(here)).toEqual([]);
  });

  it('as a dry run switches nothing and reports that nothing differs', async () => {
    const { here } = await filledSystem(40);
    const { code, stdout } = await orderstream(['rebuild', 'orders', '--dry-run'], here.env);
    expect(stdout).toBe('orders: 40 documents are live, 40 were rebuilt, and nothing differs.\n');
    expect(code).toBe(0);
    expect((await rows(here)).map(({ generation }) => generation)).toEqual(readModels.map(() => 1));
  });

  it('as a dry run reports differences and exits with 1', async () => {
    const { here } = await filledSystem(40);
    const readStore = await openReadStore(`sqlite:${here.folder}/read-store`);
    const live = await readStore.generation<OrderDocument>(ordersProjection, 1);
    const [order, checkpoint] = [await live.get(orderIdOf(7)), await live.checkpoint()];
    if (order === undefined || checkpoint === undefined) throw new Error('there is no order to change');
    const body: OrderDocument = { ...order.body, status: 'rejected' };
    await live.commit([{ ...order, position: order.position + 1n, body }], checkpoint);
    await readStore.close();
    const { code, stdout } = await orderstream(['rebuild', 'orders', 'items', '--dry-run'], here.env);
    expect(stdout).toContain('orders: 40 documents are live, 40 were rebuilt, and 1 differ:\n');
    expect(stdout).toMatch(new RegExp(`^ {2}${orderIdOf(7)}: .*rejected`, 'm'));
    expect(stdout).toMatch(/^items: .* and nothing differs\.$/m);
    expect(code).toBe(1);
  });
});

describe('the rebuild command', () => {
  it('rejects an unknown read model and lists the known ones', async () => {
    const { env } = await systems.createEnvironment();
    expect(await orderstream(['rebuild', 'ordrs'], env)).toEqual({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(
        /^there is no read model ordrs: allowed are orders, timeline, .*--all\n$/,
      ),
    });
    expect(await orderstream(['rebuild'], env)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('no read model is named: allowed are orders'),
    });
  });

  it('says on Ctrl+C that the projector continues the rebuild', async () => {
    const here = await systems.createEnvironment();
    const command = launch(['rebuild', 'orders'], here.env);
    const readStore = await openReadStore(`sqlite:${here.folder}/read-store`);
    await eventually(async () => expect(await readStore.metadata('rebuilds')).toBeDefined());
    await readStore.close();
    command.signal('SIGINT');
    expect(await command.ended).toMatchObject({
      code: 130,
      stderr: expect.stringContaining(
        'The projector continues the rebuild; "orderstream rebuild orders" shows its progress',
      ),
    });
  });
});
