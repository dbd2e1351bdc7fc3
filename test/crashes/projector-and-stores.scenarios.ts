import { afterEach, describe, expect, it } from 'vitest';
import { CrashTest } from './harness/crash-test.ts';
import { shareOfKills } from './harness/kill-repeatedly.ts';

/** Path of a FerretDB binary, for the read models in MongoDB. */
const { FERRETDB = '' } = process.env;

describe('projector, read store and event store that are killed at random times', () => {
  let crashTest: CrashTest;
  afterEach(() => crashTest.stop());

  it('with SQLite: every document equals a fresh fold of the events', async () => {
    crashTest = await CrashTest.create('projector, query API and event store');
    const { fleet, customers } = crashTest;
    const eventStore = fleet.start('eventstore');
    const projector = fleet.start('projections');
    const readApi = fleet.start('read-api');
    for (const role of ['write-side', 'process-managers']) fleet.start(role);
    await fleet.ready();
    await customers.createStock();
    customers.startShopping(6);
    await crashTest.kill([
      {
        process: projector,
        kills: shareOfKills(0.32),
        untilWorking: () => projector.waitForCheck('projections', 'ok'),
        withinMs: 1_000,
      },
      { process: readApi, kills: shareOfKills(0.28), untilWorking: () => readApi.ready(), withinMs: 8_000 },
      {
        process: eventStore,
        kills: shareOfKills(0.4),
        untilWorking: () => eventStore.ready(),
        withinMs: 5_000,
      },
    ]);
    await crashTest.verify();
    expect(customers.orders.length).toBeGreaterThan(shareOfKills(1));
  });

  it.runIf(FERRETDB !== '')('with MongoDB: every document equals a fresh fold of the events', async () => {
    crashTest = await CrashTest.create('projector, FerretDB and event store', { ferretdb: FERRETDB });
    const { fleet, customers } = crashTest;
    const { ferretdb } = fleet;
    const eventStore = fleet.start('eventstore');
    const projector = fleet.start('projections');
    for (const role of ['write-side', 'process-managers', 'read-api']) fleet.start(role);
    await fleet.ready();
    await customers.createStock();
    // Few customers: FerretDB reads the whole collection for most queries.
    customers.startShopping(1);
    await crashTest.kill([
      {
        process: projector,
        kills: shareOfKills(0.32),
        untilWorking: () => projector.waitForCheck('projections', 'ok'),
        withinMs: 1_000,
      },
      { process: ferretdb, kills: shareOfKills(0.4), untilWorking: () => ferretdb.ready(), withinMs: 4_000 },
      {
        process: eventStore,
        kills: shareOfKills(0.28),
        untilWorking: () => eventStore.ready(),
        withinMs: 5_000,
      },
    ]);
    await crashTest.verify();
    expect(customers.orders.length).toBeGreaterThan(0);
  });
});
