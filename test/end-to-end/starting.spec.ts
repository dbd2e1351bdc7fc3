import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { StartedSystems } from '../support/processes/started-systems.ts';
import { isServing, waitUntilServing } from '../support/processes/wait-until-serving.ts';
import { createShopClient } from '../support/shop.ts';
import { orderstream, readyUrls } from '../support/system.ts';
import { waitForStatus, waitForStock } from '../support/wait-until.ts';
import { processorSeconds } from './helpers/processor-seconds.ts';

const systems = new StartedSystems();
afterEach(() => systems.end());

describe('a whole system', () => {
  it('accepts its first order soon after its start, and stores all data in the folder of --data or DATA_DIR', async () => {
    const here = await systems.createEnvironment({ JWT_SECRET: undefined, MASTER_KEY: undefined });
    const data = join(here.folder, 'of this shop');
    const system = systems.start(here, '--data', data);
    await waitUntilServing(system, readyUrls(here, ['write-side']));
    const there = { ...here, env: { ...here.env, DATA_DIR: data } };
    const { stdout } = await orderstream(['token', '--sub', 'op', '--role', 'operator'], there.env);
    const withToken = { ...here, token: () => stdout.trim() };
    const shop = createShopClient(withToken);
    await shop.createItem('mug', 5);
    const orderId = await shop.placeOne('mug', 1);
    // About 2 s of processor time, which is 1.5 s on an idle machine with two cores.
    expect(await processorSeconds(system.pid)).toBeLessThan(10);

    await waitUntilServing(system, readyUrls(here));
    await expect.poll(() => system.output()).toContain(`DATA_DIR='${data}' npx orderstream token`);
    for (const address of [here.commandUrl, here.queryUrl, here.eventStoreUrl.replace('http://', '')])
      expect(system.output()).toContain(address);
    system.signal('SIGTERM');
    const { code, stderr } = await system.ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect((await readdir(here.folder)).sort()).toEqual(['of this shop']);
    expect((await readdir(data)).sort()).toEqual([
      'event-store',
      'jwt-secret',
      'key-store',
      'master-key',
      'read-store',
    ]);

    const second = systems.start(there);
    await waitUntilServing(second, readyUrls(here));
    await expect.poll(() => second.output()).toMatch(/^ {2}npx orderstream token/m);
    await waitForStatus(withToken, orderId, 'shipped');
    await waitForStock(shop, 'mug', { onHand: 4, reserved: 0, available: 4 });
  });

  it('ends completely when its parent is killed with -9, and has lost nothing after a restart', async () => {
    const here = await systems.createEnvironment();
    const shop = createShopClient(here);
    const first = systems.start(here);
    await waitUntilServing(first, readyUrls(here));
    await shop.createItem('mug', 50);
    const key = { headers: { 'idempotency-key': 'before the kill' } };
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

    const second = systems.start(here);
    await waitUntilServing(second, readyUrls(here));
    for (const orderId of orders) await waitForStatus(here, orderId, 'shipped');
    expect((await shop.place(order, key)).body).toEqual(placed.body);
    expect((await shop.get('/orders')).body.items).toHaveLength(4);

    const receive = () => shop.post('/inventory/items/mug/receipts', { quantity: 1 });
    const { body } = await receive();
    await second.killAll();
    await waitUntilServing(systems.start(here), readyUrls(here));
    expect(await receive()).toMatchObject({
      body: { revision: String(BigInt(body.revision) + 1n), onHand: body.onHand + 1, reserved: 0 },
    });
    expect((await shop.place(order, key)).body).toEqual(placed.body);
  });

  it('ends completely when its parent is killed with -9 during its start', async () => {
    const here = await systems.createEnvironment();
    for (const eventStoreIsUp of [false, true]) {
      const system = systems.start(here);
      if (eventStoreIsUp) await waitUntilServing(system, readyUrls(here, ['eventstore']));
      else await sleep(150);
      const killed = performance.now();
      expect(await system.kill()).toMatchObject({ stderr: '' });
      expect(performance.now() - killed).toBeLessThan(30_000);
    }
  });
});

describe('the data of a system', () => {
  it('leaves no files after a start in memory', async () => {
    const here = await systems.createEnvironment();
    const shop = createShopClient(here);
    for (const ends of ['SIGTERM', 'parent killed', 'all killed'] as const) {
      const system = systems.start(here, '--memory');
      await waitUntilServing(system, readyUrls(here));
      await expect.poll(() => system.output()).toContain('Data is in memory only');
      await shop.createItem('mug', 5);
      await waitForStatus(here, await shop.placeOne('mug', 1), 'shipped');
      if (ends === 'SIGTERM') {
        // Other commands find the temporary read models.
        const rebuilt = await orderstream(['rebuild', 'orders', '--dry-run'], here.env);
        expect(rebuilt).toMatchObject({ code: 0, stdout: expect.stringContaining('1 documents are live') });
        system.signal('SIGTERM');
      }
      if (ends === 'parent killed') await system.kill();
      if (ends === 'all killed') await system.killAll();
      expect(await system.ended).toMatchObject({ stderr: '' });
      // When all processes were killed, the next start removes the files.
      expect(await readdir(here.folder)).toHaveLength(ends === 'all killed' ? 1 : 0);
    }
    await waitUntilServing(systems.start(here), readyUrls(here));
    expect((await readdir(here.folder)).sort()).toEqual(['event-store', 'key-store', 'read-store']);
    await shop.createItem('mug', 7);
    expect(await shop.get('/orders')).toMatchObject({ status: 200, body: { items: [] } });
  });
});
