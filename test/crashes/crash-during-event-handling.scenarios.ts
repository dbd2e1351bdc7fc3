import { afterEach, describe, expect, it } from 'vitest';
import { printJson } from '../support/print-json.ts';
import { createShopClient } from '../support/shop.ts';
import { waitForStatus, waitForStock } from '../support/wait-until.ts';
import {
  parkedItems,
  replaceByHealthyProcess,
  startCrashingProcessManagers,
} from './harness/processes/crashing-process-managers.ts';
import { Fleet } from './harness/processes/fleet.ts';

const CRASH_ON_RESERVATION = new URL('./harness/preloads/crash-on-reservation.mjs', import.meta.url);
const PARKED_WITHIN_MS = 120_000;

describe('an event whose handling crashes the process managers', () => {
  let fleet: Fleet;
  afterEach(() => fleet.stop());

  it('is parked after some crashes while other orders ship, and is handled on replay once the cause is gone', async () => {
    fleet = await Fleet.create();
    const managers = await startCrashingProcessManagers(fleet, CRASH_ON_RESERVATION, {
      CRASHING_ITEM: 'nitroglycerin',
    });
    const { environment } = fleet;
    const shop = createShopClient(environment);
    for (const productId of ['nitroglycerin', 'tea']) await shop.createItem(productId, 10);

    const crashing = await shop.placeOne('nitroglycerin', 1);
    const others = await Promise.all(Array.from({ length: 5 }, () => shop.placeOne('tea', 1)));

    await expect.poll(() => parkedItems(fleet), { timeout: PARKED_WITHIN_MS }).toHaveLength(1);
    const [item] = await parkedItems(fleet);
    expect(item).toMatchObject({
      orderId: crashing,
      type: 'OrderPlaced',
      reason: 'worker-crashed',
    });
    for (const orderId of others) await waitForStatus(environment, orderId, 'shipped');
    const crashesUntilParked = managers.crashes();
    expect(crashesUntilParked).toBeGreaterThan(1);
    expect(crashesUntilParked).toBeLessThan(40);
    // The parked event causes no more crashes.
    await fleet.ready();
    await waitForStatus(environment, await shop.placeOne('tea', 1), 'shipped');
    expect(managers.crashes()).toBe(crashesUntilParked);

    await replaceByHealthyProcess(fleet, managers);
    await shop.post(`/parked/${item.id}/replay`);
    await waitForStatus(environment, crashing, 'shipped');
    await expect.poll(() => parkedItems(fleet), { timeout: PARKED_WITHIN_MS }).toEqual([]);
    await waitForStock(shop, 'nitroglycerin', { onHand: 9, reserved: 0, available: 9 });
    printJson({ test: 'crash during event handling', crashes: crashesUntilParked, kills: fleet.kills });
  });
});
