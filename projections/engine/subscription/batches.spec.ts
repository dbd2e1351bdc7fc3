import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { SubscriptionEntry } from '../../../event-store/event-store.ts';
import { readBatches } from './batches.ts';

const at = (commit: bigint) => ({ commit, prepare: commit });
const unknown = (commit: bigint): SubscriptionEntry => ({
  kind: 'unknown',
  revision: 0n,
  type: 'T',
  stream: 's-1',
  position: at(commit),
});
const bounds = { maxEntries: 3, maxWaitMs: 1_000, spacingMs: 0 };

async function* entries(...those: SubscriptionEntry[]): AsyncGenerator<SubscriptionEntry> {
  yield* those;
}

it('batches of a subscription have a limited size', async () => {
  const ends = [];
  for await (const { end } of readBatches(entries(...[1n, 2n, 3n, 4n].map(unknown)), bounds))
    ends.push(end?.commit);
  expect(ends).toEqual([3n, 4n]);
});

it('a single entry is a batch at once', async () => {
  let release: () => void = () => {};
  async function* slow() {
    yield unknown(1n);
    await new Promise<void>((resolve) => {
      release = resolve;
    });
  }
  const batches = readBatches(slow(), { maxEntries: 3, maxWaitMs: 60_000, spacingMs: 0 });
  expect((await batches.next()).value).toMatchObject({ end: at(1n) });
  release();
  expect((await batches.next()).done).toBe(true);
});

it('a batch collects entries until the minimum time after the previous batch', async () => {
  let more: (entries: readonly SubscriptionEntry[]) => void = () => {};
  async function* bursts() {
    for (;;) yield* await new Promise<readonly SubscriptionEntry[]>((resolve) => (more = resolve));
  }
  const rests: number[] = [];
  const rest = async (ms: number) => {
    rests.push(ms);
    await nextTurn();
    more([unknown(3n)]);
    await nextTurn();
  };
  const batches = readBatches(bursts(), { ...bounds, spacingMs: 60_000 }, rest);
  const handed = async (entries: readonly SubscriptionEntry[]) => {
    const next = batches.next();
    await nextTurn();
    more(entries);
    return (await next).value?.unknownTypes.length;
  };
  expect(await handed([unknown(1n)])).toBe(1);
  expect(rests).toEqual([]);
  expect(await handed([unknown(2n)])).toBe(2);
  expect(rests).toEqual([expect.closeTo(60_000, -4)]);
  await batches.return();
});

it('a checkpoint of the subscription advances the end of a batch, but not its last event', async () => {
  const [batch] = await collect(
    entries(unknown(1n), { kind: 'checkpoint', position: at(9n) }, { kind: 'caught-up' }),
  );
  expect(batch).toEqual({ events: [], unknownTypes: ['T'], lastEvent: at(1n), end: at(9n), caughtUp: true });
});

it('an error of the subscription is thrown after the entries before it', async () => {
  async function* failing() {
    yield unknown(1n);
    throw new RangeError('broken');
  }
  const batches = readBatches(failing(), bounds);
  expect((await batches.next()).value).toMatchObject({ end: at(1n) });
  await expect(batches.next()).rejects.toThrow(new RangeError('broken'));
});

it('at most one batch is held while the consumer is busy', async () => {
  let taken = 0n;
  async function* endless() {
    for (;;) {
      taken += 1n;
      yield unknown(taken);
    }
  }
  const batches = readBatches(endless(), bounds);
  await batches.next();
  await new Promise((resolve) => setImmediate(resolve));
  expect(taken).toBe(6n);
  await batches.return();
});

async function collect(source: AsyncIterable<SubscriptionEntry>) {
  const all = [];
  for await (const batch of readBatches(source, bounds)) all.push(batch);
  return all;
}
