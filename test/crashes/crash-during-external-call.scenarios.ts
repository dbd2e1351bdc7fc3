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

const CRASH_ON_DISPATCH = new URL('./harness/preloads/crash-on-dispatch.mjs', import.meta.url);
const PARKED_WITHIN_MS = 120_000;

describe('an external call that crashes the process managers', () => {
  let fleet: Fleet;
  afterEach(() => fleet.stop());

  it('is parked with its timeout after some crashes, and succeeds on replay once the cause is gone', async () => {
    fleet = await Fleet.create();
    const managers = await startCrashingProcessManagers(fleet, CRASH_ON_DISPATCH);
    const { environment } = fleet;
    const shop = createShopClient(environment);
    await shop.createItem('tea', 10);
    const crashing = await shop.placeOne('tea', 1);

    await expect.poll(() => parkedItems(fleet), { timeout: PARKED_WITHIN_MS, interval: 500 }).toHaveLength(1);
    const [item] = await parkedItems(fleet);
    expect(item).toMatchObject({
      orderId: crashing,
      kind: 'deadline',
      type: 'dispatch',
      reason: 'worker-crashed',
    });
    const crashesUntilParked = managers.crashes();
    expect(crashesUntilParked).toBeGreaterThan(3);
    expect(crashesUntilParked).toBeLessThan(20);
    // The parked call causes no more crashes, and orders that need no dispatch are handled.
    await fleet.ready();
    await waitForStatus(environment, await shop.placeOne('tea', 1, 'tok_declined'), 'rejected');
    expect(managers.crashes()).toBe(crashesUntilParked);

    await replaceByHealthyProcess(fleet, managers);
    await shop.post(`/parked/${item.id}/replay`);
    await waitForStatus(environment, crashing, 'shipped');
    await expect.poll(() => parkedItems(fleet), { timeout: PARKED_WITHIN_MS }).toEqual([]);
    await waitForStock(shop, 'tea', { onHand: 9, reserved: 0, available: 9 });
    printJson({ test: 'crash during external call', crashes: crashesUntilParked });
  });
});
