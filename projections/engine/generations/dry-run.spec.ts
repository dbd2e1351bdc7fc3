import { describe, expect, it } from 'vitest';
import { eventually } from '../../../event-store/testing/eventually.ts';
import type { Projection } from '../../projection.ts';
import { RebuildInProgress } from '../../rebuild/rebuild-requests.ts';
import { gate, SMALL, useRebuildKit } from '../testing/rebuild-kit.ts';
import { ledger, type Tally, tally } from '../testing/sample-projections.ts';

const kit = useRebuildKit();
const { fill, start, ask, outcome } = kit;

describe('a dry run', () => {
  it('reports each differing document and changes nothing', async () => {
    let weight = 1;
    const changing: Projection<Tally> = {
      ...tally(),
      evolve: (lookup, recorded) =>
        tally({ weight: recorded.stream === 'inventory-odd' ? weight : 1 }).evolve(lookup, recorded),
    };
    await start([changing]);
    await kit.harness.reached(changing, await fill(1, 20));
    weight = 2;
    await ask('tally', true);
    expect(await outcome()).toEqual({
      kind: 'compared',
      documents: 2,
      rebuiltDocuments: 2,
      differing: 1,
      differences: [{ id: 'odd', difference: 'units is 100, should be 200' }],
    });
    await eventually(async () => expect(await kit.readStore.storedGenerations('tally')).toEqual([1]));
    expect(await kit.harness.documents(changing)).toMatchObject({ odd: { units: 100 } });
  });

  it('finds all documents equal while events arrive', async () => {
    await start([ledger()], { tuning: { ...SMALL, batch: { maxEntries: 100, maxWaitMs: 0, spacingMs: 0 } } });
    await kit.harness.reached(ledger(), await fill(1, 1_200));
    const writing = fill(1_201, 1_300);
    await ask('ledger', true);
    expect(await outcome('ledger')).toMatchObject({ kind: 'compared', differing: 0, differences: [] });
    await writing;
  });

  it('is refused while a rebuild is running', async () => {
    const { faults } = await start([tally()]);
    await kit.harness.reached(tally(), await fill(1, 20));
    const { open, reached } = gate(faults, 2);
    const id = await ask('tally', true);
    await reached;
    await expect(ask('tally', false)).rejects.toThrow(RebuildInProgress);
    expect(await ask('tally', true)).toBe(id);
    open();
    expect(await outcome()).toMatchObject({ kind: 'compared' });
  });
});

it('a dry run is replaced by a rebuild when its client abandoned it', async () => {
  const { faults } = await start([tally()]);
  await kit.harness.reached(tally(), await fill(1, 20));
  const { open, reached } = gate(faults, 2);
  await ask('tally', true);
  await reached;
  const { tally: standing } = await kit.requests.all();
  await kit.requests.make(['tally'], false, standing === undefined ? [] : [standing]);
  open();
  expect(await outcome()).toEqual({ kind: 'switched', generation: 3 });
  await eventually(async () => expect(await kit.readStore.storedGenerations('tally')).toEqual([3]));
});

it('the client of a dry run withdraws a request that no projector has started', async () => {
  const id = await ask();
  expect(await kit.requests.withdraw('tally', id)).toMatchObject({ outcome: { kind: 'withdrawn' } });
  await start([tally()]);
  await kit.harness.reached(tally(), await fill(1, 10));
  await ask();
  expect(await outcome()).toEqual({ kind: 'switched', generation: 2 });
  const taken = (await kit.requests.all()).tally?.id ?? '';
  expect(await kit.requests.withdraw('tally', taken)).toMatchObject({ outcome: { kind: 'switched' } });
});
