import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { type ChildNode, startChildNode } from '../embedded/testing/child-node.ts';
import { killHard } from '../embedded/testing/kill-hard.ts';
import { connectEventStore, type EventStoreConnection } from './connect.ts';
import { eventually } from './testing/eventually.ts';
import { catalogue, unitsCounted } from './testing/sample-events.ts';

let node: ChildNode;
let store: EventStoreConnection;
beforeAll(async () => {
  node = await startChildNode('--memory');
  store = connectEventStore({ catalogue, url: node.connectionString, patienceMs: 1000 });
});
afterEach(() => {
  vi.useRealTimers();
});
afterAll(async () => {
  await store.close();
  await killHard(node.child);
});

it.each([
  ['15 s behind', -15_000],
  ['a day behind', -24 * 3600 * 1000],
  ['a day ahead', 24 * 3600 * 1000],
])('a process whose clock is %s appends, reads and consumes like any other', async (_, offMs) => {
  const stream = `inventory-${offMs}`;
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + offMs });
  const stop = new AbortController();
  const seen: string[] = [];

  const consuming = store.consumeGroup({
    group: `group${offMs}`,
    from: { prefixes: [stream] },
    concurrency: 1,
    signal: stop.signal,
    handle: async ({ recorded }) => {
      seen.push(recorded.stream);
      return { verdict: 'ack' };
    },
  });
  const appended = await store.append(stream, [unitsCounted(1)], 'no_stream');

  expect(appended.revision).toBe(0n);
  expect((await store.readLast(stream))?.revision).toBe(0n);
  await eventually(() => expect(seen).toEqual([stream]));
  stop.abort();
  await consuming;
});
