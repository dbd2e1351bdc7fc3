import { afterEach, describe, expect, it } from 'vitest';
import { CrashTest } from './harness/crash-test.ts';

const ORDERS = 60;

describe('several process-manager processes', () => {
  let crashTest: CrashTest;
  afterEach(() => crashTest.stop());

  it('share the work, and repeat the payment calls of a process that was killed during them', async () => {
    // Timeouts longer than a slow capture of 2 s, so that no other process repeats a call whose process still runs.
    crashTest = await CrashTest.create('process managers share work', {
      settings: { FULFILMENT_FIRST_DEADLINE_MS: '3000', FULFILMENT_MAX_DEADLINE_MS: '6000' },
    });
    const { fleet, customers, paymentServer } = crashTest;
    for (const role of ['eventstore', 'write-side', 'projections', 'read-api']) fleet.start(role);
    const managers = [1, 2, 3].map((number) => fleet.start('process-managers', `process managers ${number}`));
    await fleet.ready();
    await customers.createStock();

    const orders = Array.from({ length: ORDERS }, () => customers.placeOrder('tok_slow'));
    await crashTest.during(Promise.all(orders));
    const [killed, ...others] = managers;
    // The process to kill is checked last, so that its calls are still in flight when it is killed.
    for (const each of [...others, ...managers.slice(0, 1)])
      await expect
        .poll(() => each.metricTotal('orderstream_outside_calls'), { timeout: 10_000, message: each.name })
        .toBeGreaterThan(0);
    await killed?.kill();
    const handled = () => Promise.all(others.map((each) => each.metricTotal('orderstream_deliveries_total')));
    const before = await handled();
    await crashTest.verify();
    expect(paymentServer.repeatedCaptures, 'captures that the killed process had requested').toBeGreaterThan(
      0,
    );
    const after = await handled();
    for (const [index, count] of after.entries()) expect(count).toBeGreaterThan(before[index] ?? 0);
  });
});
