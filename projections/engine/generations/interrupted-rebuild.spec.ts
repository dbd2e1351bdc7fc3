import { describe, expect, it } from 'vitest';
import { eventually } from '../../../event-store/testing/eventually.ts';
import { IndexNotBuilt } from '../../../read-store/errors.ts';
import { FaultyReadStore } from '../testing/faulty-read-store.ts';
import { gate, SMALL, useRebuildKit } from '../testing/rebuild-kit.ts';
import { ledger, tally } from '../testing/sample-projections.ts';

const kit = useRebuildKit();
const { fill, start, ask, outcome, generationIs } = kit;

describe('an interrupted rebuild', () => {
  it('resumes at its checkpoint when the projector restarts', async () => {
    const first = await start([tally()], { tuning: { ...SMALL, leaseTtlMs: 200 } });
    await kit.harness.reached(tally(), await fill(1, 40));
    const { open, reached } = gate(first.faults, 2, 4);
    await ask();
    await reached;
    // As a kill would: nothing more of it reaches the store, and its lease runs out.
    first.faults.setUnavailable(true);
    open();
    const second = await start([tally()]);
    expect(await outcome()).toEqual({ kind: 'switched', generation: 2 });
    const again = second.faults.commits.filter(({ generation }) => generation === 2);
    expect(again[0]?.documents[0]?.position).toBeGreaterThan(20n);
    expect(await kit.harness.documents(tally())).toMatchObject({ even: { times: 20 }, odd: { times: 20 } });
  });

  it('is not made live by a projector that was suspended', async () => {
    const tuning = { ...SMALL, leaseTtlMs: 200 };
    const first = await start([tally()], { tuning });
    await kit.harness.reached(tally(), await fill(1, 20));
    const { open, reached } = gate(first.faults, 2, 2);
    await ask();
    await reached;
    first.faults.pause();
    open();
    const second = await start([tally()], { tuning });
    expect(await outcome()).toEqual({ kind: 'switched', generation: 2 });
    await ask();
    expect(await outcome()).toEqual({ kind: 'switched', generation: 3 });
    const last = await fill(21, 22);
    await kit.harness.reached(tally(), last);
    first.faults.resume();
    await eventually(() =>
      expect(first.faults.commits.filter((each) => each.generation === 2)).toHaveLength(3),
    );
    await kit.harness.reached(tally(), await fill(23, 24));
    expect(await kit.readStore.liveGeneration('tally')).toBe(3);
    expect(await kit.harness.documents(tally())).toMatchObject({ even: { times: 12 }, odd: { times: 12 } });
    expect(second.faults.commits.at(-1)?.generation).toBe(3);
  });

  it('has its leftovers dropped by the next projector', async () => {
    const { stop } = await start([tally()]);
    await kit.harness.reached(tally(), await fill(1, 4));
    await stop();
    // A late writer brought it back.
    await (await kit.harness.openReadStore()).generation(tally(), 7);
    await start([tally()]);
    await eventually(async () => expect(await kit.readStore.storedGenerations('tally')).toEqual([1]));
  });
});

describe('a changed version of a read model', () => {
  it('is rebuilt automatically while the old generation serves queries', async () => {
    const old = await start([tally()]);
    await kit.harness.reached(tally(), await fill(1, 20));
    await old.stop();
    const indexes = [{ name: 'byTimes', fields: ['times'] as [string], direction: 'descending' as const }];
    const changed = tally({ version: 2, weight: 10, indexes });
    const faults = new FaultyReadStore(await kit.harness.openReadStore());
    const { open, reached } = gate(faults, 2, 2);
    await start([changed], { faults });
    await reached;
    const last = await fill(21, 22);
    expect(await kit.harness.documents(changed)).toMatchObject({ even: { units: 110 }, odd: { units: 100 } });
    const before = await kit.readStore.live(changed);
    expect(before.generation).toBe(1);
    const byTimes = { index: 'byTimes', equals: [], limit: 5 };
    await expect(before.find(byTimes)).rejects.toThrow(IndexNotBuilt);
    const byUnits = { index: 'byUnits', equals: [], limit: 5 };
    expect(await (await kit.readStore.live(tally())).find(byUnits)).toHaveLength(2);
    await eventually(async () =>
      expect(await kit.harness.status('tally')).toMatchObject({ generation: 1, status: 'rebuilding' }),
    );
    open();
    await generationIs(2);
    await kit.harness.reached(changed, last);
    expect(await kit.harness.documents(changed)).toMatchObject({
      even: { units: 1_320 },
      odd: { units: 1_210 },
    });
    expect(await (await kit.readStore.live(changed)).find(byTimes)).toHaveLength(2);
    await eventually(async () => expect(await kit.readStore.storedGenerations('tally')).toEqual([2]));
  });

  it('stops the rebuild when the old version returns', async () => {
    const old = await start([tally()]);
    await kit.harness.reached(tally(), await fill(1, 20));
    await old.stop();
    const faults = new FaultyReadStore(await kit.harness.openReadStore());
    const { open, reached } = gate(faults, 2, 2);
    const changed = await start([tally({ version: 2 })], { faults });
    await reached;
    faults.setUnavailable(true);
    open();
    await changed.stop();
    await start([tally()]);
    await kit.harness.reached(tally(), await fill(21, 22));
    expect(await kit.readStore.liveGeneration('tally')).toBe(1);
    expect(await kit.harness.documents(tally())).toMatchObject({ even: { times: 11 }, odd: { times: 11 } });
    expect(await kit.readStore.storedGenerations('tally')).toEqual([1]);
  });
});

describe('a rebuild that meets an event it cannot handle', () => {
  it('stops with an error in the status, and continues after a fix', async () => {
    let isBroken = false;
    const fussy = tally({ fails: (quantity) => isBroken && quantity === 7 });
    await start([fussy, ledger()]);
    await kit.harness.reached(fussy, await fill(1, 20));
    isBroken = true;
    await ask();
    const error = { stream: 'inventory-odd', revision: '3', reason: 'RangeError: no good: 7' };
    expect(await outcome()).toEqual({ kind: 'stopped', error });
    await kit.harness.reached(fussy, await fill(21, 22));
    expect(await kit.harness.documents(fussy)).toMatchObject({ even: { times: 11 }, odd: { times: 11 } });
    await eventually(async () =>
      expect(await kit.harness.status('tally')).toMatchObject({ generation: 1, status: 'rebuilding', error }),
    );
    isBroken = false;
    await generationIs(2);
    expect(await kit.harness.documents(fussy)).toMatchObject({ even: { times: 11 }, odd: { times: 11 } });
    await eventually(async () =>
      expect(await kit.harness.status('tally')).toEqual({ name: 'tally', generation: 2, status: 'live' }),
    );
  });

  it('becomes live although the old generation is stopped at that event', async () => {
    let isBroken = true;
    const fussy = tally({ fails: (quantity) => isBroken && quantity === 7 });
    await start([fussy], { tuning: { ...SMALL, retry: { firstMs: 600_000, maxMs: 600_000 } } });
    await fill(1, 20);
    await eventually(async () =>
      expect(await kit.harness.status('tally')).toMatchObject({ status: 'stopped' }),
    );
    isBroken = false;
    await ask();
    expect(await outcome()).toEqual({ kind: 'switched', generation: 2 });
    expect(await kit.harness.documents(fussy)).toMatchObject({ even: { times: 10 }, odd: { times: 10 } });
    await eventually(async () => expect(await kit.harness.status('tally')).toMatchObject({ status: 'live' }));
  });
});
