import { cp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RoleName, RolesInProcesses, roles } from '../support/processes/roles-in-processes.ts';
import { StartedSystems } from '../support/processes/started-systems.ts';
import { createShopClient } from '../support/shop.ts';
import { waitForStatus, waitUntil } from '../support/wait-until.ts';

const NO_EVENT_STORE = 'the event store does not answer';
const NO_PROJECTOR = 'no projector is running: the read models stand still';
const ON_EVENTS: readonly RoleName[] = ['write-side', 'process-managers', 'projections'];

describe('roles whose stores become unavailable', () => {
  const systems = new StartedSystems();
  let system: RolesInProcesses;
  let shop: ReturnType<typeof createShopClient>;
  beforeAll(async () => {
    system = await RolesInProcesses.start(systems, { CARRIER: 'auto' });
    shop = createShopClient(system.environment);
    await shop.createItem('mug', 100);
    await waitForStatus(system.environment, await shop.placeOne('mug', 1), 'shipped');
  });
  afterAll(() => systems.end());

  it('report a killed event store, serve queries without it, and are ready again after its restart', async () => {
    const orderId = await shop.placeOne('mug', 1);
    expect(await waitForStatus(system.environment, orderId, 'shipped')).toMatchObject({
      payment: { status: 'captured' },
    });
    await system.eventStore?.kill();
    const whileUnavailable = await shop.place({ items: [{ productId: 'mug', quantity: 1 }] });
    expect(whileUnavailable).toMatchObject({ status: 503, body: { status: 503 } });
    expect(whileUnavailable.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(await shop.get(`/orders/${orderId}`)).toMatchObject({ status: 200, body: { status: 'shipped' } });
    expect((await fetch(`${system.environment.commandUrl}/health/live`)).status).toBe(200);
    for (const role of ON_EVENTS) await system.notReady(role, 'eventStore', NO_EVENT_STORE);
    await expect
      .poll(() => system.health('read-api'))
      .toMatchObject({ status: 200, checks: { eventStore: NO_EVENT_STORE, readStore: 'ok' } });
    await system.startEventStore();
    await system.allReady();
    await waitForStatus(system.environment, await shop.placeOne('mug', 1), 'shipped');
  });

  it('report a hanging event store at once, log it at most every ten seconds, and are ready again when it continues', async () => {
    const lines = () =>
      roles.map((role) => (system.running.get(role)?.output() ?? '').match(/"level":"warn"/g)?.length ?? 0);
    const before = lines();
    const began = performance.now();
    system.signal('eventstore', 'SIGSTOP');
    for (const role of ON_EVENTS) {
      const { ms } = await system.notReady(role, 'eventStore', NO_EVENT_STORE);
      // The limit of 1 s is for an idle machine.
      expect(ms).toBeLessThan(30_000);
    }
    await sleep(8_000);
    system.signal('eventstore', 'SIGCONT');
    await system.allReady();
    const tens = Math.ceil((performance.now() - began) / 10_000) + 1;
    for (const [index, count] of lines().entries())
      expect(count - (before[index] ?? 0)).toBeLessThanOrEqual(8 * tens);
    await waitForStatus(system.environment, await shop.placeOne('mug', 1), 'shipped');
  });

  it('report missing projections, and are ready again when another projector writes', async () => {
    await system.running.get('projections')?.kill();
    for (const role of ['process-managers', 'read-api'] as const)
      await system.notReady(role, 'projections', NO_PROJECTOR);
    expect((await system.health('write-side')).status).toBe(200);
    system.start('projections');
    await system.allReady();
    await waitForStatus(system.environment, await shop.placeOne('mug', 1), 'shipped');
  });

  it('rebuild a read store whose folder was deleted, without a restart', async () => {
    const before = await shop.placeOne('mug', 1);
    await waitForStatus(system.environment, before, 'shipped');
    // Moved first: a projector may add a file to a folder that is being removed.
    const folder = join(String(system.environment.env.DATA_DIR), 'read-store');
    await rename(folder, `${folder}-removed`);
    await rm(`${folder}-removed`, { recursive: true });
    for (const role of ['process-managers', 'projections', 'read-api'] as const)
      await waitUntil(
        `${role} reports that the read store was removed`,
        async () => system.running.get(role)?.output() ?? '',
        (output) => /was removed or replaced while it was in use; reopening it/.test(output),
      );
    await system.allReady();
    await waitForStatus(system.environment, before, 'shipped');
    await waitForStatus(system.environment, await shop.placeOne('mug', 1, 'tok_flaky'), 'shipped');
  });

  it('end with exit code 0 after all of this', async () => {
    for (const role of roles) system.signal(role, 'SIGTERM');
    for (const role of roles) expect((await system.running.get(role)?.ended)?.code).toBe(0);
  });
});

describe('roles whose event store is restored', () => {
  const systems = new StartedSystems();
  afterAll(() => systems.end());

  it.each(['an older copy', 'an empty one'])(
    'from %s stop with a sentence, and read models with lost orders are rejected',
    async (what) => {
      const system = await RolesInProcesses.start(systems);
      const shop = createShopClient(system.environment);
      const folder = join(String(system.environment.env.DATA_DIR), 'event-store');
      await shop.createItem('mug', 100);
      await waitForStatus(system.environment, await shop.placeOne('mug', 1), 'shipped');
      await stopEventStore(system);
      if (what === 'an older copy') await cp(folder, `${folder}-copy`, { recursive: true });
      await system.startEventStore();
      await system.allReady();
      const lost = await shop.placeOne('mug', 2);
      await waitForStatus(system.environment, lost, 'shipped');
      const { body: last } = await shop.createItem('last', 1);

      await stopEventStore(system);
      await rm(folder, { recursive: true });
      if (what === 'an older copy') await cp(`${folder}-copy`, folder, { recursive: true });
      await system.startEventStore();
      for (const role of roles) {
        const ended = await system.running.get(role)?.ended;
        expect({ role, code: ended?.code }).toEqual({ role, code: 1 });
        expect(ended?.stdout).toMatch(
          /the event store (was restored to an older state|is another one|no longer)/,
        );
      }
      // The restored log is longer than the checkpoints of the read models, so positions alone do not show the loss.
      system.start('write-side');
      await system.ready('write-side');
      await shop.createItem('cup', 1_000);
      let reached = 0n;
      while (reached <= BigInt(last.position)) {
        const { body } = await shop.place({ items: [{ productId: 'cup', quantity: 1 }] });
        reached = BigInt(body.position);
      }
      system.start('projections');
      const { code, stderr } = (await system.running.get('projections')?.ended) ?? {};
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr: expect.stringMatching(/READ_STORE_URL to an empty/),
      });
    },
  );
});

async function stopEventStore(system: RolesInProcesses): Promise<void> {
  system.signal('eventstore', 'SIGTERM');
  await system.eventStore?.ended;
}
