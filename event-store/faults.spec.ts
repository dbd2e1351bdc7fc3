import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EmbeddedNode, startEmbeddedNode } from '../embedded/node.ts';
import { parseEventStoreUrl } from '../platform/config/event-store-url.ts';
import type { RecordedEvent } from './codec/recorded-event.ts';
import { connectEventStore, type EventStoreConnection } from './connect.ts';
import { AccessErrors } from './connection/access.ts';
import { ClientSource } from './connection/client-source.ts';
import { AppendOutcomeUnknown, EventStoreUnavailable } from './errors.ts';
import { LogReads } from './reading/log-reads.ts';
import { collect } from './testing/collect.ts';
import { eventually } from './testing/eventually.ts';
import { type FlakyProxy, startFlakyProxy } from './testing/flaky-proxy.ts';
import { catalogue, unitsCounted } from './testing/sample-events.ts';

let dataDir: string;
let node: EmbeddedNode;
let proxy: FlakyProxy;
let store: EventStoreConnection;
/** Connected to the node without the proxy, to read what was written. */
let straight: EventStoreConnection;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'orderstream-faults-'));
  node = await startEmbeddedNode({ dataDir, port: 0 });
  proxy = await startFlakyProxy(() => node.port);
  store = connectEventStore({
    catalogue,
    url: proxy.connectionString,
    answerWithinMs: 500,
    patienceMs: 30_000,
  });
  straight = connectEventStore({ catalogue, url: node.connectionString });
});
afterEach(async () => {
  await store.close();
  await straight.close();
  await proxy.stop();
  await node.stop();
  await rm(dataDir, { recursive: true });
});

const restart = async () => {
  const { port } = node;
  await node.stop();
  node = await startEmbeddedNode({ dataDir, port });
};
const quantities = (events: readonly RecordedEvent[]) =>
  events.map(({ event }) => (event.data as { quantity: number }).quantity);
const written = async (stream: string) => quantities(await collect(straight.read(stream)));
const thrown = (promise: Promise<unknown>) => promise.then(() => undefined).catch((error: unknown) => error);

describe('an append over a faulty connection', () => {
  it('is retried when its answer is lost, and written once', async () => {
    await store.append('inventory-1', [unitsCounted(1)], 'no_stream');
    proxy.way = 'no-answers';

    const appended = store.append('inventory-1', [unitsCounted(2), unitsCounted(3)], 0n);
    await eventually(async () => expect(await written('inventory-1')).toEqual([1, 2, 3]));
    proxy.way = 'open';
    proxy.cut();

    expect(await appended).toMatchObject({ revision: 2n });
    expect(await written('inventory-1')).toEqual([1, 2, 3]);
  });

  it('is retried over a new connection when it is not answered', async () => {
    await store.append('inventory-1', [unitsCounted(1)], 'no_stream');
    proxy.way = 'no-answers';

    const appended = store.append('inventory-1', [unitsCounted(2)], 0n);
    await eventually(async () => expect(await written('inventory-1')).toEqual([1, 2]));
    proxy.way = 'open';

    expect(await appended).toMatchObject({ revision: 1n });
    expect(await written('inventory-1')).toEqual([1, 2]);
  });

  it('is retried when the server did not answer the request for its features', async () => {
    proxy.way = 'deaf';
    const appended = store.append('inventory-1', [unitsCounted(1)], 'no_stream');
    await eventually(() => expect(proxy.swallowed()).toBeGreaterThan(0));
    proxy.way = 'open';

    expect(await appended).toMatchObject({ revision: 0n });
  });

  it('survives a restart of the node', async () => {
    await store.append('inventory-1', [unitsCounted(1)], 'no_stream');

    const appends = Array.from({ length: 50 }, (_, index) =>
      store.append(`inventory-many-${index}`, [unitsCounted(index)], 'no_stream'),
    );
    await restart();
    await Promise.all(appends);

    for (let index = 0; index < 50; index++) {
      expect(await written(`inventory-many-${index}`)).toEqual([index]);
    }
  });

  it('has an unknown outcome when it stays unanswered', async () => {
    const shortLimits = connectEventStore({
      catalogue,
      url: proxy.connectionString,
      answerWithinMs: 1000,
      patienceMs: 2000,
    });
    await shortLimits.append('inventory-1', [unitsCounted(1)], 'no_stream');
    proxy.way = 'no-answers';

    expect(await thrown(shortLimits.append('inventory-1', [unitsCounted(2)], 0n))).toBeInstanceOf(
      AppendOutcomeUnknown,
    );

    proxy.way = 'open';
    // Reads and appends share the connection, on which answers are missing now.
    proxy.cut();
    expect(await shortLimits.append('inventory-1', [unitsCounted(2)], 0n)).toMatchObject({ revision: 1n });
    expect(await written('inventory-1')).toEqual([1, 2]);
    await shortLimits.close();
  });

  it('is not affected by the crash of another event store that the process uses', async () => {
    const otherNode = await startEmbeddedNode({ memory: true, port: 0 });
    const otherProxy = await startFlakyProxy(() => otherNode.port);
    const other = connectEventStore({ catalogue, url: otherProxy.connectionString, patienceMs: 5000 });
    await store.append('inventory-1', [unitsCounted(1)], 'no_stream');
    await other.append('inventory-1', [unitsCounted(1)], 'no_stream');
    proxy.way = 'answers-held';
    otherProxy.way = 'no-answers';

    const appended = store.append('inventory-1', [unitsCounted(2)], 0n);
    const otherAppended = other.append('inventory-1', [unitsCounted(2)], 0n);
    await eventually(async () => expect(await written('inventory-1')).toEqual([1, 2]));
    await eventually(() => expect(proxy.held()).toBeGreaterThan(0));
    otherProxy.way = 'open';
    otherProxy.cut();
    expect(await otherAppended).toMatchObject({ revision: 1n });
    // Too late for the client, which has forgotten all that was in flight when the other connection broke.
    proxy.release();

    expect(await appended).toMatchObject({ revision: 1n });
    expect(await written('inventory-1')).toEqual([1, 2]);
    await other.close();
    await otherProxy.stop();
    await otherNode.stop();
  });
});

describe('a read over a faulty connection', () => {
  it('continues when its client is replaced because another read failed', async () => {
    await straight.append('inventory-1', [unitsCounted(1), unitsCounted(2)], 'no_stream');
    const source = new ClientSource({ connectionString: () => proxy.connectionString });
    const signal = new AbortController().signal;
    const access = new AccessErrors(parseEventStoreUrl(proxy.connectionString));
    proxy.way = 'answers-held';

    const reading = collect(
      new LogReads({ source, idleMs: 5000, patienceMs: 5000, access, signal }).stream('inventory-1', 0n),
    );
    await eventually(() => expect(proxy.held()).toBeGreaterThan(0));
    source.renew(source.current());
    proxy.release();

    expect((await reading).map(({ revision }) => revision)).toEqual([0n, 1n]);
    source.close();
  });

  it('continues at the last event when the connection breaks', async () => {
    const events = Array.from({ length: 3000 }, (_, index) => unitsCounted(index, `c${index}`));
    for (let from = 0; from < 3000; from += 1000) {
      await straight.append(
        'inventory-1',
        events.slice(from, from + 1000),
        from === 0 ? 'no_stream' : BigInt(from - 1),
      );
    }
    const seen: RecordedEvent[] = [];

    for await (const recorded of store.read('inventory-1')) {
      seen.push(recorded);
      if (seen.length % 700 === 0) proxy.cut();
    }
    const log: RecordedEvent[] = [];
    for await (const recorded of store.readAll({ prefixes: ['inventory-'] })) {
      log.push(recorded);
      if (log.length % 700 === 0) proxy.cut();
    }

    expect(quantities(seen)).toEqual(Array.from({ length: 3000 }, (_, index) => index));
    expect(quantities(log)).toEqual(quantities(seen));
  });

  it('fails when it is not answered', async () => {
    const shortLimits = connectEventStore({
      catalogue,
      url: proxy.connectionString,
      answerWithinMs: 100,
      patienceMs: 200,
    });
    proxy.way = 'deaf';

    expect(await thrown(collect(shortLimits.read('inventory-1')))).toBeInstanceOf(EventStoreUnavailable);

    await shortLimits.close();
  });
});

describe('a subscription over a faulty connection', () => {
  it('continues without a gap or a repeat through dropped connections and a restart', async () => {
    const stop = new AbortController();
    const seen: RecordedEvent[] = [];
    const following = (async () => {
      for await (const entry of store.subscribe({ prefixes: ['inventory-'], signal: stop.signal })) {
        if (entry.kind === 'event') seen.push(entry.recorded);
      }
    })();
    for (let index = 0; index < 60; index++) {
      const after = index === 0 ? 'no_stream' : BigInt(index - 1);
      await straight.append('inventory-1', [unitsCounted(index, `c${index}`)], after);
      if (index % 15 === 10) proxy.cut();
      if (index === 30) await restart();
    }

    await eventually(() => expect(seen).toHaveLength(60));
    stop.abort();
    await following;

    expect(quantities(seen)).toEqual(Array.from({ length: 60 }, (_, index) => index));
  });

  it('ends when the connection is closed', async () => {
    const following = collect(
      store.subscribe({ prefixes: ['inventory-'], signal: new AbortController().signal }),
    );

    await store.close();

    await following;
  });
});

describe('a consumer group', () => {
  it('continues after dropped connections and a restart, and misses no event', async () => {
    const stop = new AbortController();
    const seen = new Set<bigint>();
    const consuming = store.consumeGroup({
      group: 'fulfilment',
      from: { prefixes: ['inventory-'] },
      concurrency: 4,
      signal: stop.signal,
      handle: async ({ recorded }) => {
        seen.add(recorded.revision);
        return { verdict: 'ack' };
      },
    });
    for (let index = 0; index < 60; index++) {
      const after = index === 0 ? 'no_stream' : BigInt(index - 1);
      await straight.append('inventory-1', [unitsCounted(index, `c${index}`)], after);
      if (index % 15 === 10) proxy.cut();
      if (index === 30) await restart();
    }

    await eventually(() => expect(seen.size).toBe(60));
    stop.abort();
    await consuming;
  });
});
