import { afterEach, beforeEach, expect } from 'vitest';
import { eventually } from '../../../event-store/testing/eventually.ts';
import type { ReadStore } from '../../../read-store/read-store.ts';
import { adapters } from '../../../read-store/testing/adapters.ts';
import type { Projection } from '../../projection.ts';
import { RebuildRequests } from '../../rebuild/rebuild-requests.ts';
import { Harness } from './harness.ts';

export const SMALL = {
  batch: { maxEntries: 5, maxWaitMs: 0, spacingMs: 0 },
  retry: { firstMs: 20, maxMs: 40 },
  dropAfterMs: 50,
};

/** Gives each test of a spec a projector harness (on MongoDB if available), its read store and rebuild requests. */
export function useRebuildKit() {
  const kit = {} as { harness: Harness; readStore: ReadStore; requests: RebuildRequests };
  beforeEach(async () => {
    kit.harness = new Harness(adapters().at(-1)?.create());
    kit.readStore = await kit.harness.openReadStore();
    kit.requests = new RebuildRequests(kit.readStore);
  });
  afterEach(() => kit.harness.dispose());

  const fill = async (from: number, to: number) => {
    let last = { commit: 0n, prepare: 0n };
    for (let quantity = from; quantity <= to; quantity++)
      last = await kit.harness.receive(quantity % 2 ? 'odd' : 'even', quantity);
    return last;
  };
  const start = (projections: readonly Projection[], more: Parameters<Harness['start']>[1] = {}) =>
    kit.harness.start(projections, { tuning: SMALL, ...more });
  const ask = async (model = 'tally', dryRun = false) => {
    const made = await kit.requests.make([model], dryRun);
    return made[model]?.id ?? '';
  };
  const outcome = (model = 'tally') =>
    eventually(async () => expect((await kit.requests.all())[model]?.outcome).toBeDefined()).then(
      async () => (await kit.requests.all())[model]?.outcome,
    );
  const generationIs = (number: number, model = 'tally') =>
    eventually(async () => expect(await kit.readStore.liveGeneration(model)).toBe(number));

  return Object.assign(kit, { fill, start, ask, outcome, generationIs });
}

/** Blocks the commits of a generation after the first `pass` ones. */
export function gate(
  faults: { beforeCommit: (generation: number) => Promise<void> },
  held: number,
  pass = 0,
) {
  let open = () => {};
  let arrived = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  const reached = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  let passed = 0;
  faults.beforeCommit = async (generation) => {
    if (generation !== held || passed++ < pass) return;
    arrived();
    await opened;
  };
  return { open, reached };
}
