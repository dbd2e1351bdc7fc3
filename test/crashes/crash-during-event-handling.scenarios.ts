import { afterEach, describe, expect, it } from 'vitest';
import { call } from '../support/http.ts';
import { say } from '../support/print-json.ts';
import { shopOf } from '../support/shop.ts';
import { untilLevels, untilStatus } from '../support/wait-until.ts';
import { Fleet } from './harness/processes/fleet.ts';

const PRELOAD = new URL('./harness/preloads/crash-on-reservation.mjs', import.meta.url);
const PATIENCE_MS = 120_000;

describe('an order that crashes its worker', () => {
  let fleet: Fleet;
  afterEach(() => fleet.end());

  it('is parked after some crashes while others go on, and is fulfilled when it is replayed without the cause', async () => {
    fleet = await Fleet.open();
    for (const role of ['eventstore', 'write-side', 'projections', 'read-api']) fleet.start(role);
    const managers = ['process managers 1', 'process managers 2'].map((name) =>
      fleet.startSupervised('process-managers', name, {
        LETHAL_ITEM: 'nitroglycerin',
        NODE_OPTIONS: `--import=${PRELOAD.href}`,
      }),
    );
    const deaths = () => managers.reduce((sum, each) => sum + each.deaths, 0);
    await fleet.ready();
    const { place } = fleet;
    const shop = shopOf(place);
    for (const productId of ['nitroglycerin', 'tea']) await shop.createItem(productId, 10);

    const lethal = await shop.placeOne('nitroglycerin', 1);
    const harmless = await Promise.all(Array.from({ length: 5 }, () => shop.placeOne('tea', 1)));

    const parked = async () =>
      (await call('GET', `${place.commandUrl}/api/v1/parked`, { token: place.token('operator') })).body.items;
    await expect.poll(parked, { timeout: PATIENCE_MS }).toHaveLength(1);
    const [item] = await parked();
    expect(item).toMatchObject({
      orderId: lethal,
      type: 'OrderPlaced',
      reason: 'worker-crashed',
    });
    for (const orderId of harmless) await untilStatus(place, orderId, 'shipped');
    const deathsUntilThen = deaths();
    expect(deathsUntilThen).toBeGreaterThan(1);
    expect(deathsUntilThen).toBeLessThan(40);
    // It crashes no worker any more.
    await fleet.ready();
    await untilStatus(place, await shop.placeOne('tea', 1), 'shipped');
    expect(deaths()).toBe(deathsUntilThen);

    for (const { process } of managers) await process.kill();
    fleet.start('process-managers');
    await shop.post(`/parked/${item.id}/replay`);
    await untilStatus(place, lethal, 'shipped');
    await expect.poll(parked, { timeout: PATIENCE_MS }).toEqual([]);
    await untilLevels(shop, 'nitroglycerin', { onHand: 9, reserved: 0, available: 9 });
    say({ leg: 'a lethal order', deaths: deathsUntilThen, kills: fleet.kills });
  });
});
