import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineEvent } from '../../domain/kernel/event.ts';
import { openEventLog } from '../../embedded/storage/sqlite-log.ts';
import { catalogue } from '../../event-catalogue/catalogue.ts';
import { connectEventStore } from '../../event-store/connect.ts';
import { freePort } from '../support/processes/free-port.ts';
import type { Launched } from '../support/processes/launch-program.ts';
import { Runs } from '../support/processes/started-systems.ts';
import { isServing, untilServing } from '../support/processes/wait-until-serving.ts';
import { gbp, shopOf } from '../support/shop.ts';
import { orderstream, readyUrls } from '../support/system.ts';
import { untilStatus } from '../support/wait-until.ts';

const runs = new Runs();
afterEach(() => runs.end());

describe('a system', () => {
  it('takes its first order soon, says where it is and how to log in, and ends with 0', async () => {
    const here = await runs.place({ JWT_SECRET: undefined });
    const started = performance.now();
    const system = runs.start(here);
    await untilServing(system, readyUrls(here, ['write-side']));
    const { stdout } = await orderstream(['token', '--sub', 'op', '--role', 'operator'], here.env);
    const shop = shopOf({ ...here, token: () => stdout.trim() });
    await shop.createItem('mug', 5);
    await shop.placeOne('mug', 1);
    // About 1.5 s on an idle machine, and at most 5 s; other tests run at the same time.
    expect(performance.now() - started).toBeLessThan(30_000);

    await untilServing(system, readyUrls(here));
    await expect.poll(() => system.output()).toContain('orderstream token');
    for (const address of [here.commandUrl, here.queryUrl, here.eventStoreUrl.replace('http://', '')])
      expect(system.output()).toContain(address);
    system.signal('SIGTERM');
    const { code, stderr } = await system.ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(await readdir(String(here.env.DATA_DIR))).toEqual(
      expect.arrayContaining(['event-store', 'jwt-secret']),
    );
  });

  it('ends whole when its parent is killed with -9, and has lost nothing after it', async () => {
    const here = await runs.place();
    const shop = shopOf(here);
    const first = runs.start(here);
    await untilServing(first, readyUrls(here));
    await shop.createItem('mug', 50);
    const key = { headers: { 'idempotency-key': 'before the fall' } };
    const order = { items: [{ productId: 'mug', quantity: 1 }] };
    const placed = await shop.place(order, key);
    const orders = [
      placed.body.orderId,
      ...(await Promise.all([1, 2, 3].map((n) => shop.placeOne('mug', n)))),
    ];

    const killed = performance.now();
    await first.kill();
    expect(performance.now() - killed).toBeLessThan(30_000);
    for (const url of [...readyUrls(here), ...readyUrls(here, ['eventstore'])])
      expect(await isServing(url)).toBe(false);

    const second = runs.start(here);
    await untilServing(second, readyUrls(here));
    for (const orderId of orders) await untilStatus(here, orderId, 'shipped');
    expect((await shop.place(order, key)).body).toEqual(placed.body);
    expect((await shop.get('/orders')).body.items).toHaveLength(4);

    const receive = () => shop.post('/inventory/items/mug/receipts', { quantity: 1 });
    const { body } = await receive();
    await second.killAll();
    await untilServing(runs.start(here), readyUrls(here));
    expect(await receive()).toMatchObject({
      body: { revision: String(BigInt(body.revision) + 1n), onHand: body.onHand + 1, reserved: 0 },
    });
    expect((await shop.place(order, key)).body).toEqual(placed.body);
  });

  it('ends whole when its parent is killed with -9 before it has started', async () => {
    const here = await runs.place();
    for (const eventStoreIsUp of [false, true]) {
      const system = runs.start(here);
      if (eventStoreIsUp) await untilServing(system, readyUrls(here, ['eventstore']));
      else await sleep(150);
      const killed = performance.now();
      expect(await system.kill()).toMatchObject({ stderr: '' });
      expect(performance.now() - killed).toBeLessThan(30_000);
    }
  });

  it('runs as roles of their own processes, which outlive the event store', async () => {
    const here = await runs.place({ LOG_LEVEL: 'error' });
    const shop = shopOf(here);
    const startEventStore = async () => {
      const eventStore = runs.start(here, 'eventstore');
      await untilServing(eventStore, readyUrls(here, ['eventstore']));
      return eventStore;
    };
    const eventStore = await startEventStore();
    const roles = ['process-managers', 'projections', 'write-side', 'read-api'];
    const started = roles.map((role) => runs.start(here, role));
    await untilServing(started[3] as Launched, readyUrls(here, roles));
    await shop.createItem('mug', 5, gbp(100));
    const orderId = await shop.placeOne('mug', 2);
    expect(await untilStatus(here, orderId, 'shipped')).toMatchObject({ payment: { status: 'captured' } });

    await eventStore.kill();
    const away = await shop.place({ items: [{ productId: 'mug', quantity: 1 }] });
    expect(away).toMatchObject({ status: 503, body: { status: 503 } });
    expect(away.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(await shop.get(`/orders/${orderId}`)).toMatchObject({ status: 200, body: { status: 'shipped' } });
    expect((await fetch(`${here.commandUrl}/health/live`)).status).toBe(200);
    expect((await fetch(`${here.commandUrl}/health/ready`)).status).toBe(503);

    await startEventStore();
    await untilServing(started[2] as Launched, readyUrls(here, roles));
    await untilStatus(here, await shop.placeOne('mug', 3), 'shipped');
    for (const one of started) {
      one.signal('SIGTERM');
      expect((await one.ended).code).toBe(0);
    }
  });
});

it('each role runs twice on one machine, and the system goes on when one of the two is killed', async () => {
  const here = await runs.place({ LOG_LEVEL: 'error' });
  const shop = shopOf(here);
  await untilServing(runs.start(here, 'eventstore'), readyUrls(here, ['eventstore']));
  const roles = ['projections', 'process-managers', 'write-side', 'read-api'];
  const firsts = roles.map((role) => runs.start(here, role));
  await untilServing(firsts[3] as Launched, readyUrls(here, roles));
  const second = { env: { ...here.env, COMMAND_PORT: '0', QUERY_PORT: '0' } };
  const seconds = roles.map((role) => runs.start(second, role));
  for (const one of seconds) await expect.poll(() => one.output()).toContain('Orderstream is running');
  await shop.createItem('mug', 5);
  await untilStatus(here, await shop.placeOne('mug', 2), 'shipped');
  for (const one of firsts) await one.kill();
  const addressIn = ({ output }: Launched) => /API\s+(http:\S+)/.exec(output())?.[1] ?? '';
  const [, , commands, queries] = seconds;
  const there = {
    ...here,
    commandUrl: addressIn(commands as Launched),
    queryUrl: addressIn(queries as Launched),
  };
  await untilStatus(there, await shopOf(there).placeOne('mug', 3), 'shipped');
  for (const one of seconds) {
    one.signal('SIGTERM');
    expect(await one.ended).toMatchObject({ code: 0, stderr: '' });
  }
});

describe('roles that are started before their stores', () => {
  it('wait, log it once, are not ready, and continue by themselves', async () => {
    const ports = {
      PROJECTIONS_PORT: String(await freePort()),
      PROCESS_MANAGERS_PORT: String(await freePort()),
    };
    const here = await runs.place(ports);
    const roles = ['process-managers', 'projections', 'write-side'];
    const started = roles.map((role) => runs.start(here, role));
    const readyAt = [ports.PROCESS_MANAGERS_PORT, ports.PROJECTIONS_PORT]
      .map((port) => `http://127.0.0.1:${port}`)
      .concat(here.commandUrl)
      .map((url) => `${url}/health/ready`);
    for (const url of readyAt)
      await expect
        .poll(() =>
          fetch(url).then(
            ({ status }) => status,
            () => 0,
          ),
        )
        .toBe(503);
    const linesOf = ({ output }: Launched) =>
      output()
        .split('\n')
        .filter((line) => line.includes('"warn"'));
    for (const role of started) await expect.poll(() => linesOf(role)).toHaveLength(1);
    runs.start(here, 'eventstore');
    await untilServing(started[2] as Launched, readyAt);
    for (const role of started) {
      expect(linesOf(role)).toEqual([
        expect.stringContaining(`waiting for the event store at ${here.env.EVENTSTORE_URL}`),
      ]);
      expect(role.output()).toContain(`the event store at ${here.env.EVENTSTORE_URL} answers`);
    }
  });

  it('wait for a MongoDB as well', async () => {
    const port = await freePort();
    const here = await runs.place({ READ_STORE_URL: `mongodb://me:hush@127.0.0.1:${port}/shop` });
    const api = runs.start(here, 'read-api');
    await expect
      .poll(() =>
        fetch(`${here.queryUrl}/health/ready`).then(
          async (answer) => [answer.status, await answer.json()],
          String,
        ),
      )
      .toMatchObject([503, { status: 'not ready', checks: { readStore: 'the read store does not answer' } }]);
    await expect
      .poll(() => api.output())
      .toContain(`waiting for the read store at mongodb://[hidden]@127.0.0.1:${port}/shop`);
    api.signal('SIGTERM');
    const { code, stdout, stderr } = await api.ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).not.toContain('hush');
  });
});

it('a version that does not know every event type of the log reports it at its start', async () => {
  const here = await runs.place();
  await untilServing(runs.start(here, 'eventstore'), readyUrls(here, ['eventstore']));
  const giftWrapped = defineEvent('GiftWrapped', 1, z.strictObject({}));
  const newer = { ...catalogue, definitions: [...catalogue.definitions, giftWrapped] };
  const store = connectEventStore({ catalogue: newer, url: String(here.env.EVENTSTORE_URL) });
  expect(await store.newerTypes()).toEqual([]);
  await store.close();
  const older = runs.start(here, 'write-side');
  const says =
    /"a newer version has used this event store: this version skips events .*"types":\["GiftWrapped"\]/;
  await expect.poll(() => older.output()).toMatch(says);
});

describe('the event store alone', () => {
  it('goes on when nobody reads its output any more', async () => {
    const here = await runs.place();
    const node = runs.start(here, 'eventstore');
    await untilServing(node, readyUrls(here, ['eventstore']));
    node.hangUp();
    node.signal('SIGTERM');
    expect((await node.ended).code).toBe(0);
  });

  it('keeps its data in the folder that it prints', async () => {
    const here = await runs.place({ EVENTSTORE_URL: undefined, JWT_SECRET: undefined });
    const { port } = new URL(here.eventStoreUrl);
    const folder = join(here.folder, 'events');
    const old = join(here.folder, 'old');
    await openEventLog({ dataDir: old }).close();
    for (const [options, says, kept] of [
      [['--memory'], 'Nothing is kept', ['old']],
      [['--data', folder], `Data is in ${folder}.`, ['event-store']],
      [[], `Data is in ${here.folder}.`, ['event-store', 'events', 'old']],
      // From a version that kept the log directly in this folder.
      [['--data', old], `Data is in ${old}.`, ['events.db']],
    ] as const) {
      const node = runs.start(here, 'eventstore', '--port', port, ...options);
      await untilServing(node, readyUrls(here, ['eventstore']));
      await expect.poll(() => node.output()).toContain(says);
      node.signal('SIGTERM');
      expect(await node.ended).toMatchObject({ code: 0, stderr: '' });
      const where = options[1] ?? here.folder;
      expect((await readdir(where)).filter((name) => !/-(wal|shm)$|acknowledged$/.test(name)).sort()).toEqual(
        kept,
      );
    }
  });
});

describe('where a system has its data', () => {
  it('is one folder, as an option or as DATA_DIR', async () => {
    const here = await runs.place({ JWT_SECRET: undefined });
    const data = join(here.folder, 'of this shop');
    const first = runs.start(here, '--data', data);
    await untilServing(first, readyUrls(here));
    await expect.poll(() => first.output()).toContain(`DATA_DIR='${data}' npx orderstream token`);
    const there = { ...here, env: { ...here.env, DATA_DIR: data } };
    const { stdout } = await orderstream(['token', '--sub', 'op', '--role', 'operator'], there.env);
    const shop = shopOf({ ...here, token: () => stdout.trim() });
    await shop.createItem('mug', 5);
    first.signal('SIGTERM');
    expect(await first.ended).toMatchObject({ code: 0 });
    expect((await readdir(here.folder)).sort()).toEqual(['of this shop']);
    expect((await readdir(data)).sort()).toEqual(['event-store', 'jwt-secret', 'read-store']);

    await untilServing(runs.start(there), readyUrls(here));
    expect(await shop.get('/inventory/items/mug')).toMatchObject({ status: 200, body: { onHand: 5 } });
  });

  it('leaves no files of either store after a start in memory', async () => {
    const here = await runs.place();
    const shop = shopOf(here);
    for (const ends of ['asked to', 'its parent killed', 'the power cut'] as const) {
      const system = runs.start(here, '--memory');
      await untilServing(system, readyUrls(here));
      await expect.poll(() => system.output()).toContain('Nothing is kept');
      await shop.createItem('mug', 5);
      await untilStatus(here, await shop.placeOne('mug', 1), 'shipped');
      // Other commands find its read models.
      const rebuilt = await orderstream(['rebuild', 'orders', '--dry-run'], here.env);
      expect(rebuilt).toMatchObject({ code: 0, stdout: expect.stringContaining('1 documents are live') });
      if (ends === 'asked to') system.signal('SIGTERM');
      else if (ends === 'its parent killed') await system.kill();
      else await system.killAll();
      expect(await system.ended).toMatchObject({ stderr: '' });
      // After a power cut the next start removes what is left.
      expect(await readdir(here.folder)).toHaveLength(ends === 'the power cut' ? 1 : 0);
    }
    await untilServing(runs.start(here), readyUrls(here));
    expect((await readdir(here.folder)).sort()).toEqual(['event-store', 'read-store']);
    await shop.createItem('mug', 7);
    expect(await shop.get('/orders')).toMatchObject({ status: 200, body: { items: [] } });
  });
});
