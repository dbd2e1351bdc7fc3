import { afterEach, describe, expect, it } from 'vitest';
import { call } from '../support/http.ts';
import { say } from '../support/print-json.ts';
import { shopOf } from '../support/shop.ts';
import { untilLevels, untilStatus } from '../support/wait-until.ts';
import { Fleet } from './harness/processes/fleet.ts';

const PRELOAD = new URL('./harness/preloads/crash-on-dispatch.mjs', import.meta.url);
const PATIENCE_MS = 120_000;

describe('an external call that crashes its worker', () => {
  let fleet: Fleet;
  afterEach(() => fleet.end());

  it('is parked with its wait after some crashes, and made when it is replayed without the cause', async () => {
    fleet = await Fleet.open();
    for (const role of ['eventstore', 'write-side', 'projections', 'read-api']) fleet.start(role);
    const managers = ['process managers 1', 'process managers 2'].map((name) =>
      fleet.startSupervised('process-managers', name, { NODE_OPTIONS: `--import=${PRELOAD.href}` }),
    );
    const deaths = () => managers.reduce((sum, each) => sum + each.deaths, 0);
    await fleet.ready();
    const { place } = fleet;
    const shop = shopOf(place);
    await shop.createItem('tea', 10);
    const lethal = await shop.placeOne('tea', 1);

    const parked = async () =>
      (await call('GET', `${place.commandUrl}/api/v1/parked`, { token: place.token('operator') })).body.items;
    await expect.poll(parked, { timeout: PATIENCE_MS, interval: 500 }).toHaveLength(1);
    const [item] = await parked();
    expect(item).toMatchObject({
      orderId: lethal,
      kind: 'deadline',
      type: 'dispatch',
      reason: 'worker-crashed',
    });
    const deathsUntilThen = deaths();
    expect(deathsUntilThen).toBeGreaterThan(3);
    expect(deathsUntilThen).toBeLessThan(20);
    // It crashes no worker any more, and orders that need no dispatch go on.
    await fleet.ready();
    await untilStatus(place, await shop.placeOne('tea', 1, 'tok_declined'), 'rejected');
    expect(deaths()).toBe(deathsUntilThen);

    for (const { process } of managers) await process.kill();
    fleet.start('process-managers');
    await shop.post(`/parked/${item.id}/replay`);
    await untilStatus(place, lethal, 'shipped');
    await expect.poll(parked, { timeout: PATIENCE_MS }).toEqual([]);
    await untilLevels(shop, 'tea', { onHand: 9, reserved: 0, available: 9 });
    say({ leg: 'a lethal call', deaths: deathsUntilThen });
  });
});
