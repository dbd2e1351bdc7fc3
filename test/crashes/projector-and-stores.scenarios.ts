import { afterEach, describe, expect, it } from 'vitest';
import { Leg } from './harness/crash-test.ts';
import { partOf } from './harness/kill-repeatedly.ts';

/** A FerretDB binary, for the read models in MongoDB. */
const { FERRETDB = '' } = process.env;

describe('projector, read store and event store, killed at any moment', () => {
  let leg: Leg;
  afterEach(() => leg.end());

  it('on files: every document equals a fresh fold of the events', async () => {
    leg = await Leg.open('projector, query API and event store');
    const { fleet, customers } = leg;
    const eventStore = fleet.start('eventstore');
    const projector = fleet.start('projections');
    const readApi = fleet.start('read-api');
    for (const role of ['write-side', 'process-managers']) fleet.start(role);
    await fleet.ready();
    await customers.stockUp();
    customers.come(6);
    await leg.kill([
      {
        process: projector,
        kills: partOf(0.32),
        atWork: () => projector.says('projections', 'ok'),
        withinMs: 1_000,
      },
      { process: readApi, kills: partOf(0.28), atWork: () => readApi.ready(), withinMs: 8_000 },
      { process: eventStore, kills: partOf(0.4), atWork: () => eventStore.ready(), withinMs: 5_000 },
    ]);
    await leg.reckon();
    expect(customers.orders.length).toBeGreaterThan(partOf(1));
  });

  it.runIf(FERRETDB !== '')('on MongoDB: every document equals a fresh fold of the events', async () => {
    leg = await Leg.open('projector, FerretDB and event store', { ferretdb: FERRETDB });
    const { fleet, customers } = leg;
    const eventStore = fleet.start('eventstore');
    const projector = fleet.start('projections');
    for (const role of ['write-side', 'process-managers', 'read-api']) fleet.start(role);
    await fleet.ready();
    await customers.stockUp();
    // Few: FerretDB looks at every document of a collection for most of what it is asked.
    customers.come(1);
    await leg.kill([
      {
        process: projector,
        kills: partOf(0.32),
        atWork: () => projector.says('projections', 'ok'),
        withinMs: 1_000,
      },
      { process: fleet.ferretdb, kills: partOf(0.4), atWork: () => fleet.ferretdb.ready(), withinMs: 4_000 },
      { process: eventStore, kills: partOf(0.28), atWork: () => eventStore.ready(), withinMs: 5_000 },
    ]);
    await leg.reckon();
    expect(customers.orders.length).toBeGreaterThan(0);
  });
});
