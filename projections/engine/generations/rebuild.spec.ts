import { describe, expect, it } from 'vitest';
import { eventually } from '../../../event-store/testing/eventually.ts';
import type { Stored } from '../../../read-store/read-store.ts';
import type { ProjectorOptions } from '../projector-options.ts';
import { gate, SMALL, useRebuildKit } from '../testing/rebuild-kit.ts';
import { ledger, type Tally, tally } from '../testing/sample-projections.ts';

const kit = useRebuildKit();
const { fill, start, ask, outcome, generationIs } = kit;

describe('a rebuild', () => {
  it('builds the next generation, makes it live, and drops the old one', async () => {
    await start([tally(), ledger()]);
    await kit.harness.reached(tally(), await fill(1, 20));
    await ask();
    expect(await outcome()).toEqual({ kind: 'switched', generation: 2 });
    expect(await kit.readStore.liveGeneration('tally')).toBe(2);
    expect(await kit.readStore.liveGeneration('ledger')).toBe(1);
    await kit.harness.reached(tally(), await fill(21, 22));
    expect(await kit.harness.documents(tally())).toEqual({
      even: { productId: 'even', units: 132, times: 11 },
      odd: { productId: 'odd', units: 121, times: 11 },
    });
    await eventually(async () => expect(await kit.readStore.storedGenerations('tally')).toEqual([2]));
    await eventually(async () =>
      expect(await kit.harness.status('tally')).toEqual({ name: 'tally', generation: 2, status: 'live' }),
    );
  });

  it('writes every document of a growing read model once', async () => {
    await start([ledger()]);
    await fill(1, 20);
    await ask('ledger');
    await fill(21, 40);
    await outcome('ledger');
    await kit.harness.reached(ledger(), await fill(41, 42));
    expect(Object.keys(await kit.harness.documents(ledger()))).toHaveLength(42);
  });

  it('reports its progress while the live generation stays current', async () => {
    const { faults } = await start([tally()]);
    await kit.harness.reached(tally(), await fill(1, 20));
    const { open, reached } = gate(faults, 2, 1);
    await ask();
    await reached;
    const last = await fill(21, 30);
    await eventually(async () => expect((await kit.readStore.live<Tally>(tally())).generation).toBe(1));
    await kit.harness.reached(tally(), last);
    expect(await kit.harness.documents(tally())).toMatchObject({ even: { times: 15 }, odd: { times: 15 } });
    await eventually(async () =>
      expect(await kit.harness.status('tally')).toMatchObject({
        generation: 1,
        status: 'rebuilding',
        rebuild: { generation: 2, phase: 'building', from: '0', events: 5, target: String(last.commit) },
      }),
    );
    open();
    expect(await outcome()).toEqual({ kind: 'switched', generation: 2 });
    expect(await kit.harness.documents(tally())).toMatchObject({ even: { times: 15 }, odd: { times: 15 } });
  });

  it('never shows a reader older documents than before', async () => {
    const { projector } = await start([tally()]);
    await kit.harness.reached(tally(), await fill(1, 50));
    const seen: Stored<unknown>[] = [];
    const told: bigint[] = [];
    let isOver = false;
    const listening = new AbortController();
    const feed = await fetch(projector.feedUrl, { signal: listening.signal });
    const hearing = (async () => {
      for await (const chunk of feed.body ?? [])
        for (const [, position] of new TextDecoder().decode(chunk).matchAll(/"position":"(\d+)"/g))
          told.push(BigInt(position ?? ''));
    })().catch(() => {});
    const reading = (async () => {
      while (!isOver) {
        const documents = await kit.readStore.live<unknown>(tally());
        const even = await documents.get('even');
        if (even !== undefined) seen.push(even);
        await new Promise((resolve) => setImmediate(resolve));
      }
    })();
    const writing = fill(51, 400);
    for (const generation of [2, 3, 4]) {
      await ask();
      expect(await outcome()).toEqual({ kind: 'switched', generation });
    }
    await kit.harness.reached(tally(), await writing);
    isOver = true;
    await reading;
    listening.abort();
    await hearing;
    const positions = seen.map(({ position }) => position);
    expect(positions).toEqual([...positions].sort((a, b) => Number(a - b)));
    expect(told).toEqual([...told].sort((a, b) => Number(a - b)));
    expect(await kit.harness.documents(tally())).toMatchObject({ even: { times: 200 }, odd: { times: 200 } });
  });

  it('reads the log once for several read models', async () => {
    const models = [tally({ name: 'a' }), tally({ name: 'b' }), ledger()];
    let subscriptions = 0;
    const store: ProjectorOptions['store'] = {
      ...kit.harness.events,
      subscribe: (options) => {
        // Not the one for requests to rebuild them.
        if (options.prefixes.includes('order-')) subscriptions += 1;
        return kit.harness.events.subscribe(options);
      },
    };
    await fill(1, 30);
    await start(models, { store });
    for (const { name } of models) await generationIs(1, name);
    await kit.requests.make(['a', 'b', 'ledger'], false);
    for (const { name } of models) expect(await outcome(name)).toEqual({ kind: 'switched', generation: 2 });
    expect(subscriptions).toBe(2);
    expect(await kit.harness.documents(tally({ name: 'a' }))).toEqual(
      await kit.harness.documents(tally({ name: 'b' })),
    );
  });

  it('completes without a new event when the live generation is ahead of the last event', async () => {
    const others = (count: number) => {
      for (let number = 0; number < count; number++)
        kit.harness.events.appendRaw('elsewhere', { type: 'Noise', data: {} });
    };
    // Subscriptions tell how far they are after 32 events of others: those of the two generations at other places.
    others(16);
    const { stop } = await start([tally()]);
    await kit.harness.reached(tally(), await fill(1, 20));
    await stop();
    const { faults } = await start([tally()]);
    const { open, reached } = gate(faults, 2, 1);
    await ask();
    await reached;
    others(32);
    await kit.harness.reached(tally(), (await kit.harness.events.head()) ?? { commit: 0n, prepare: 0n });
    open();
    expect(await outcome()).toEqual({ kind: 'switched', generation: 2 });
  });

  it('completes on an empty log', async () => {
    await start([tally()]);
    await generationIs(1);
    await ask();
    expect(await outcome()).toEqual({ kind: 'switched', generation: 2 });
  });

  it('holds only its batches in memory, however long the log is', async () => {
    await fill(1, 1_000);
    let [handedOut, most] = [0, 0];
    const written = () => faults.commits.reduce((sum, { documents }) => sum + documents.length, 0);
    const store: ProjectorOptions['store'] = {
      ...kit.harness.events,
      subscribe: async function* (options) {
        for await (const entry of kit.harness.events.subscribe(options)) {
          if (isRebuilding && entry.kind === 'event') most = Math.max(most, ++handedOut - written());
          yield entry;
        }
      },
    };
    let isRebuilding = false;
    const { faults } = await start([ledger()], { store });
    await eventually(async () =>
      expect(await kit.harness.status('ledger')).toMatchObject({ status: 'live' }),
    );
    isRebuilding = true;
    faults.commits.length = 0;
    // The writing is slower than the reading.
    faults.beforeCommit = () => new Promise((resolve) => setTimeout(resolve, 1));
    await ask('ledger');
    await outcome('ledger');
    // And the one that names the store.
    expect(handedOut).toBe(1_001);
    // A batch being written, two waiting batches, an entry in flight, and the event that names the store.
    expect(most).toBeLessThanOrEqual(3 * SMALL.batch.maxEntries + 2);
    expect(Math.max(...faults.commits.map(({ documents }) => documents.length))).toBe(SMALL.batch.maxEntries);
  });
});
