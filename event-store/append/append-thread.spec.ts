import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EmbeddedNode, startEmbeddedNode } from '../../embedded/node.ts';
import { connectEventStore, type EventStoreConnection } from '../connect.ts';
import { EventStoreUnavailable, WrongRevision } from '../errors.ts';
import { collect } from '../testing/collect.ts';
import { eventually } from '../testing/eventually.ts';
import { type FlakyProxy, startFlakyProxy } from '../testing/flaky-proxy.ts';
import { catalogue, unitsCounted } from '../testing/sample-events.ts';
import type { AppendThreadData } from './append-thread.ts';

let node: EmbeddedNode;
let proxy: FlakyProxy;
let store: EventStoreConnection;
/** Connected to the node without the proxy. */
let straight: EventStoreConnection;
let threads: Worker[];

const appendThread = (workerData: AppendThreadData) => {
  // Uses the built file, since a TypeScript loader would crash the process when its thread is terminated.
  const built = new URL('../../dist/event-store/append/append-worker.js', import.meta.url);
  const thread = new Worker(built, { workerData });
  threads.push(thread);
  return thread;
};

beforeEach(async () => {
  threads = [];
  node = await startEmbeddedNode({ memory: true, port: 0 });
  proxy = await startFlakyProxy(() => node.port);
  store = connectEventStore({ catalogue, url: proxy.connectionString, appendThread, answerWithinMs: 5_000 });
  straight = connectEventStore({ catalogue, url: node.connectionString });
});
afterEach(async () => {
  await Promise.all([store.close(), straight.close()]);
  await proxy.stop();
  await node.stop();
});

const written = async (stream: string) =>
  (await collect(straight.read(stream))).map(({ event }) => (event.data as { quantity: number }).quantity);

describe('the thread for appends', () => {
  it('makes many appends at the same time', async () => {
    const streams = Array.from({ length: 100 }, (_, index) => `inventory-${index}`);
    const appended = await Promise.all(
      streams.map((stream, index) =>
        store.append(stream, [unitsCounted(index), unitsCounted(7)], 'no_stream'),
      ),
    );

    expect(appended.map(({ revision }) => revision)).toEqual(streams.map(() => 1n));
    expect(new Set(appended.map(({ position }) => position.commit)).size).toBe(100);
    expect(await written('inventory-42')).toEqual([42, 7]);
    expect(threads.length).toBe(1);
  });

  it('rejects an append with a wrong revision', async () => {
    await store.append('inventory-1', [unitsCounted(1)], 'no_stream');
    const rejected = store.append('inventory-1', [unitsCounted(2)], 5n);
    await expect(rejected).rejects.toThrow(new WrongRevision('inventory-1', 5n, 0n));
  });

  it('restarts when it crashes before an answer, and writes the retried append once', async () => {
    await store.append('inventory-1', [unitsCounted(1)], 'no_stream');
    proxy.way = 'no-answers';
    const appended = store.append('inventory-1', [unitsCounted(2)], 0n);
    await eventually(async () => expect(await written('inventory-1')).toEqual([1, 2]));
    await threads[0]?.terminate();
    proxy.way = 'open';

    expect(await appended).toMatchObject({ revision: 1n });
    expect(threads.length).toBe(2);
    expect(await written('inventory-1')).toEqual([1, 2]);
  });

  it('lets appends fail while it cannot start, and makes them once it can', async () => {
    let fails = true;
    const unlucky = connectEventStore({
      catalogue,
      url: node.connectionString,
      appendThread: (data) => {
        if (fails) throw new RangeError('no room for it');
        return appendThread(data);
      },
      patienceMs: 100,
    });
    const streams = Array.from({ length: 20 }, (_, index) => `inventory-${index}`);
    const send = () =>
      Promise.allSettled(streams.map((stream) => unlucky.append(stream, [unitsCounted(1)], 'no_stream')));
    for (const sent of await send())
      expect(sent).toMatchObject({ reason: { name: 'EventStoreUnavailable' } });
    fails = false;
    for (const sent of await send()) expect(sent).toMatchObject({ value: { revision: 0n } });
    await unlucky.close();
  });

  it('ends when the connection is closed', async () => {
    await store.append('inventory-1', [unitsCounted(1)], 'no_stream');
    await store.close();
    expect(threads.map(({ threadId }) => threadId)).toEqual([-1]);
    await expect(store.append('inventory-1', [unitsCounted(2)], 0n)).rejects.toBeInstanceOf(
      EventStoreUnavailable,
    );
  });
});
