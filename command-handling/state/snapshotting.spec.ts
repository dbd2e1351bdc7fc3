import { setImmediate } from 'node:timers/promises';
import { Map as ImmutableMap } from 'immutable';
import { describe, expect, it } from 'vitest';
import { inventoryDecider } from '../../domain/inventory/decider.ts';
import { fromSnapshot, type InventorySnapshot, takeSnapshot } from '../../domain/inventory/snapshot.ts';
import { levels } from '../../domain/inventory/state.ts';
import { startEmbeddedNode } from '../../embedded/node.ts';
import { catalogue } from '../../event-catalogue/catalogue.ts';
import { connectEventStore } from '../../event-store/connect.ts';
import { silent } from '../../event-store/logger.ts';
import { snapshotPartStream, snapshotStream } from '../../event-store/snapshots/snapshot-events.ts';
import type { Snapshot } from '../../event-store/snapshots/snapshots.ts';
import { collect } from '../../event-store/testing/collect.ts';
import { eventually } from '../../event-store/testing/eventually.ts';
import {
  createInMemoryEventStore,
  type InMemoryEventStore,
} from '../../event-store/testing/in-memory-event-store.ts';
import { createCommandHandler } from '../create-command-handler.ts';
import { receive, reserve, stock } from '../testing/sample-commands.ts';
import { snapshotsOf } from './snapshot-shape.ts';
import { Snapshotting } from './snapshotting.ts';

const every = (events: number, version = 1) =>
  snapshotsOf(inventoryDecider, {
    shape: 'inventory',
    version,
    every: events,
    take: takeSnapshot,
    restore: (json: InventorySnapshot) => fromSnapshot(json),
  });
const handlerOn = (store: InMemoryEventStore, version = 1) =>
  createCommandHandler({ store, snapshots: store.snapshots, shapes: [every(10, version)] });

/** Receives ten units and reserves nine: 10 events, and a snapshot. */
async function tenEvents(store: InMemoryEventStore) {
  const handler = handlerOn(store);
  await handler.handle(receive(10, 'c0'));
  for (let order = 1; order < 10; order++) await handler.handle(reserve(`order-${order}`, 1, `c${order}`));
  await eventually(async () => expect(await store.snapshots.load(stock)).toBeDefined());
  return handler;
}
/** Returns the revisions that a new handler reads for one command. */
async function revisionsRead(store: InMemoryEventStore, version = 1) {
  const read: bigint[] = [];
  const watched = {
    ...store,
    read: async function* (...args: Parameters<typeof store.read>) {
      for await (const recorded of store.read(...args)) {
        read.push(recorded.revision);
        yield recorded;
      }
    },
  };
  const result = await handlerOn(watched, version).handle(reserve('order-last', 1, 'last'));
  return { read, levels: levels(result.state), revision: result.revision };
}

describe('a long stream', () => {
  it('is read from its snapshot', async () => {
    const store = createInMemoryEventStore({ catalogue });
    const handler = await tenEvents(store);
    await handler.handle(receive(5, 'c10'));

    expect(await revisionsRead(store)).toEqual({
      read: [10n],
      levels: { onHand: 15, reserved: 10, available: 5 },
      revision: 11n,
    });
  });

  it('is read from its start if the snapshot has another version', async () => {
    const store = createInMemoryEventStore({ catalogue });
    await tenEvents(store);

    const { read, levels } = await revisionsRead(store, 2);

    expect(read).toHaveLength(10);
    expect(levels).toEqual({ onHand: 10, reserved: 10, available: 0 });
  });

  it('is read from its start if the snapshot cannot be read', async () => {
    const store = createInMemoryEventStore({ catalogue });
    await tenEvents(store);
    store.appendRaw(snapshotStream(stock), { type: 'SnapshotTaken', data: { broken: true } });

    expect((await revisionsRead(store)).read).toHaveLength(10);
  });

  it('is searched for the events of a keyed command also before the snapshot', async () => {
    const store = createInMemoryEventStore({ catalogue });
    await tenEvents(store);

    const again = await handlerOn(store).handle(reserve('order-3', 1, 'c3', { lookFrom: 2n }));

    expect(again.revision).toBe(3n);
    expect(again.events).toHaveLength(1);
  });
});

describe('a stream that grows while its snapshot is in flight', () => {
  it('gets its next snapshot once that one is saved', async () => {
    const store = createInMemoryEventStore({ catalogue });
    let write = () => {};
    const written = new Promise<void>((resolve) => {
      write = resolve;
    });
    const saved: bigint[] = [];
    const snapshots = {
      ...store.snapshots,
      save: async (_stream: string, { revision }: Snapshot) => {
        saved.push(revision);
        await written;
      },
    };
    const handler = createCommandHandler({ store, snapshots, shapes: [every(10)] });
    const receiveOneByOne = async (from: number, to: number) => {
      for (let n = from; n < to; n++) await handler.handle(receive(1, `c${n}`));
    };

    await receiveOneByOne(0, 10);
    // The command that made it due gets its response first.
    expect(saved).toEqual([]);
    await eventually(() => expect(saved).toEqual([9n]));
    await receiveOneByOne(10, 25);
    write();
    await setImmediate();
    await receiveOneByOne(25, 26);

    await eventually(() => expect(saved).toEqual([9n, 25n]));
  });
});

describe('snapshots of many streams that are due at once', () => {
  it('are saved at most 8 at a time, the others with the next commands to their streams', async () => {
    const store = createInMemoryEventStore({ catalogue });
    let write = () => {};
    const written = new Promise<void>((resolve) => {
      write = resolve;
    });
    const saved: string[] = [];
    const snapshots = {
      ...store.snapshots,
      save: async (stream: string) => {
        saved.push(stream);
        await written;
      },
    };
    const handler = createCommandHandler({ store, snapshots, shapes: [every(2)] });
    const streams = Array.from({ length: 12 }, (_, n) => `inventory-${n}`);
    const receiveOfEach = async (round: number) => {
      for (const stream of streams) await handler.handle(receive(1, `${round}-${stream}`, { stream }));
    };

    for (let round = 0; round < 2; round++) await receiveOfEach(round);
    await setImmediate();
    expect(saved).toEqual(streams.slice(0, 8));

    write();
    await setImmediate();
    await receiveOfEach(2);
    await eventually(() => expect(new Set(saved)).toEqual(new Set(streams)));
  });
});

it('a large state needs more events between snapshots, since its snapshot costs more to write', () => {
  const shape = every(10);
  const saved: bigint[] = [];
  const snapshots = {
    load: async () => undefined,
    save: async (_: string, { revision }: Snapshot) => void saved.push(revision),
  };
  const snapshotting = new Snapshotting(snapshots, [shape], silent);
  const position = { commit: 1n, prepare: 1n };
  const lastOf = (entries: number, sinceSnapshot: number) => {
    const open = Array.from({ length: entries }, (_, n) => [`o-${n}`, 1] as const);
    const state = { ...inventoryDecider.initialState, open: ImmutableMap(open) };
    return snapshotting.keep(`${stock}-${entries}`, shape.decider, {
      state,
      revision: 1n,
      position,
      sinceSnapshot,
    });
  };
  expect(lastOf(10, 10).sinceSnapshot).toBe(0);
  expect(lastOf(20_000, 79).sinceSnapshot).toBe(79);
  expect(lastOf(20_000, 81).sinceSnapshot).toBe(0);
});

describe('snapshots in an event store', () => {
  it('a snapshot that exceeds one event is saved in parts, and each part replaces the older one', async () => {
    const node = await startEmbeddedNode({ memory: true, port: 0 });
    const store = connectEventStore({ catalogue, url: node.connectionString });
    const text = 'an order that holds stock '.repeat(60_000);
    const large = (revision: bigint) => {
      const position = { commit: 1n, prepare: 1n };
      return { shape: 'inventory', version: 1, revision, position, state: { text } };
    };
    for (const revision of [10n, 20n]) {
      await store.snapshots.save(stock, large(revision));
      expect(await store.snapshots.load(stock)).toEqual(large(revision));
    }
    for (const stream of [snapshotStream(stock), snapshotPartStream(stock, 1), snapshotPartStream(stock, 2)])
      await eventually(async () => expect(await collect(store.read(stream))).toHaveLength(1));
    await store.close();
    await node.stop();
  });

  it('a snapshot replaces the older one', async () => {
    const node = await startEmbeddedNode({ memory: true, port: 0 });
    const store = connectEventStore({ catalogue, url: node.connectionString });
    const handler = createCommandHandler({ store, snapshots: store.snapshots, shapes: [every(10)] });

    for (let round = 0; round < 3; round++) {
      for (let index = 0; index < 10; index++) await handler.handle(receive(1, `${round}-${index}`));
      await eventually(async () =>
        expect((await store.snapshots.load(stock))?.revision).toBe(BigInt(10 * round + 9)),
      );
    }

    await eventually(async () => expect(await collect(store.read(snapshotStream(stock)))).toHaveLength(1));
    await store.close();
    await node.stop();
  });
});
