import { afterEach, describe, expect, it } from 'vitest';
import { CrashTest } from './harness/crash-test.ts';
import { shareOfKills } from './harness/kill-repeatedly.ts';

describe('command API and process managers that are killed at random times', () => {
  let crashTest: CrashTest;
  afterEach(() => crashTest.stop());

  it('handle every command once: stock and money reconcile, and every acknowledged order comes to rest', async () => {
    crashTest = await CrashTest.create('command API and process managers');
    const { fleet, customers, paymentServer } = crashTest;
    for (const role of ['eventstore', 'projections', 'read-api']) fleet.start(role);
    const writeSide = fleet.start('write-side');
    const managers = ['process managers 1', 'process managers 2'].map((name) =>
      fleet.start('process-managers', name),
    );
    await fleet.ready();
    await customers.createStock();
    customers.startShopping(10);
    await crashTest.kill([
      {
        process: writeSide,
        kills: shareOfKills(0.36),
        untilWorking: () => writeSide.ready(),
        withinMs: 2_000,
      },
      ...managers.map((process) => ({
        process,
        kills: shareOfKills(0.32),
        untilWorking: () => process.ready(),
        withinMs: 2_000,
      })),
    ]);
    await crashTest.verify();
    expect(customers.orders.length).toBeGreaterThan(shareOfKills(1));
    expect(customers.lostResponses).toBeGreaterThan(0);
    expect(paymentServer.repeatedCaptures).toBeGreaterThan(0);
  });
});
