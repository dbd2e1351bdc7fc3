import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { catalogue } from '../../event-catalogue/catalogue.ts';
import { stockReceived } from '../../event-catalogue/testing/sample-events.ts';
import {
  createInMemoryEventStore,
  type InMemoryEventStore,
} from '../../event-store/testing/in-memory-event-store.ts';
import { ReadStoreUnusable } from '../../read-store/errors.ts';
import { makeLive } from '../../read-store/testing/make-live.ts';
import { Harness } from './testing/harness.ts';
import { tally } from './testing/sample-projections.ts';

let harness: Harness;
beforeEach(() => {
  harness = new Harness();
});
afterEach(() => harness.dispose());

const fill = async (from: number, to: number) => {
  let last = { commit: 0n, prepare: 0n };
  for (let quantity = from; quantity <= to; quantity++)
    last = await harness.receive(quantity % 2 ? 'odd' : 'even', quantity);
  return last;
};

describe('a read store that does not belong to the event store prevents the start', () => {
  it('when it was built from another', async () => {
    const { stop } = await harness.start([tally()]);
    await harness.reached(tally(), await fill(1, 2));
    await stop();
    await expect(
      harness.start([tally()], { store: createInMemoryEventStore({ catalogue }) }),
    ).rejects.toThrow(
      /the read store was built from another event store .* set READ_STORE_URL to an empty read store/,
    );
  });

  /** Returns a copy of the store with its first events only. */
  async function olderCopy(of: InMemoryEventStore, events: number): Promise<InMemoryEventStore> {
    const copy = createInMemoryEventStore({ catalogue });
    let copied = 0;
    for await (const { stream, event, metadata } of of.readAll({ prefixes: [''] }))
      if (copied++ < events) await copy.append(stream, [{ event, metadata }], 'any');
    return copy;
  }

  it('when the event store was restored to an older state and has passed the checkpoint since', async () => {
    const { stop } = await harness.start([tally()]);
    await harness.reached(tally(), await fill(1, 4));
    await stop();
    const copy = await olderCopy(harness.events, 3);
    expect((await copy.head())?.commit).toBeLessThan((await harness.events.head())?.commit ?? 0n);
    for (const quantity of [101, 102, 103, 104, 105, 106])
      await copy.append('inventory-odd', [stockReceived(quantity)], 'any');
    expect((await copy.head())?.commit).toBeGreaterThan((await harness.events.head())?.commit ?? 0n);
    await expect(harness.start([tally()], { store: copy })).rejects.toThrow(
      /the read model tally was built from inventory-\w+@\d at position \d+, which the event store no longer has/,
    );
  });

  it('but not when scavenging removed the events before the checkpoint', async () => {
    const { stop } = await harness.start([tally()]);
    await harness.reached(tally(), await fill(1, 4));
    await stop();
    harness.events.scavenge('inventory-even');
    harness.events.scavenge('inventory-odd');
    const again = await harness.start([tally()]);
    await harness.reached(tally(), await harness.receive('third', 5));
    expect(await harness.documents(tally())).toMatchObject({ even: { units: 6 }, third: { units: 5 } });
    await again.stop();
  });

  it('when its checkpoint is after the end of the event store', async () => {
    const generation = await (await harness.openReadStore()).generation(tally(), 1);
    await makeLive(await harness.openReadStore(), tally(), 1);
    await generation.commit([], { commit: 1_000_000n, prepare: 1_000_000n });
    await expect(harness.start([tally()])).rejects.toThrow(ReadStoreUnusable);
    await expect(harness.start([tally()])).rejects.toThrow(
      /tally is at position 1000000, and the event store ends at 7/,
    );
  });
});
