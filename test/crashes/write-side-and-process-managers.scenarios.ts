import { afterEach, describe, expect, it } from 'vitest';
import { Leg } from './harness/crash-test.ts';
import { partOf } from './harness/kill-repeatedly.ts';

describe('command API and process managers, killed at any moment', () => {
  let leg: Leg;
  afterEach(() => leg.end());

  it('do everything once: the books balance, and every acknowledged order comes to rest', async () => {
    leg = await Leg.open('command API and process managers');
    const { fleet, customers } = leg;
    for (const role of ['eventstore', 'projections', 'read-api']) fleet.start(role);
    const writeSide = fleet.start('write-side');
    const managers = ['process managers 1', 'process managers 2'].map((name) =>
      fleet.start('process-managers', name),
    );
    await fleet.ready();
    await customers.stockUp();
    customers.come(10);
    await leg.kill([
      { process: writeSide, kills: partOf(0.36), atWork: () => writeSide.ready(), withinMs: 2_000 },
      ...managers.map((process) => ({
        process,
        kills: partOf(0.32),
        atWork: () => process.ready(),
        withinMs: 2_000,
      })),
    ]);
    await leg.reckon();
    expect(customers.orders.length).toBeGreaterThan(partOf(1));
    expect(customers.lostAnswers).toBeGreaterThan(0);
    expect(leg.bank.askedAgain).toBeGreaterThan(0);
  });
});
