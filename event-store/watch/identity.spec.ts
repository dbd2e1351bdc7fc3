import { describe, expect, it } from 'vitest';
import { startEmbeddedNode } from '../../embedded/node.ts';
import type { EventCatalogue } from '../catalogue.ts';
import { connectEventStore } from '../connect.ts';
import { DataVersionMismatch } from '../errors.ts';
import { collect } from '../testing/collect.ts';
import { createInMemoryEventStore } from '../testing/in-memory-event-store.ts';
import { catalogue, unitsCounted } from '../testing/sample-events.ts';
import { identityStream } from './identity.ts';
import { knownTypesStream } from './known-types.ts';

const version2: EventCatalogue = { ...catalogue, dataVersion: 2 };
const storeId = '5b4f3a8e-7c1d-4f0a-9a53-0d9d2b1c6e11';

describe('the identity of an event store', () => {
  it('is recorded with the data version at the first use', async () => {
    const store = createInMemoryEventStore({ catalogue: version2 });
    const identity = await store.identity();
    expect(await store.identity()).toBe(identity);
    expect((await collect(store.read(identityStream))).map(({ event }) => event)).toEqual([
      { type: 'StoreNamed', data: { storeId: identity, dataVersion: 2 } },
    ]);
  });

  it.each([
    ['without a data version', { storeId }],
    ['with data version 1', { storeId, dataVersion: 1 }],
  ])('is rejected when an earlier version recorded it %s', async (_, data) => {
    const store = createInMemoryEventStore({ catalogue: version2 });
    store.appendRaw(identityStream, { type: 'StoreNamed', data });
    await expect(store.identity()).rejects.toThrow(DataVersionMismatch);
    await expect(store.identity()).rejects.toThrow(
      'written by an earlier version of Orderstream, whose events this version no longer reads: start with a new, empty folder as DATA_DIR',
    );
  });

  it('is rejected when an earlier version recorded its event types and no identity', async () => {
    const store = createInMemoryEventStore({ catalogue: version2 });
    store.appendRaw(knownTypesStream, { type: 'EventTypesKnown', data: { versions: { UnitsCounted: 1 } } });
    await expect(store.identity()).rejects.toThrow('written by an earlier version');
  });

  it('is rejected when a newer version recorded it', async () => {
    const store = createInMemoryEventStore({ catalogue: version2 });
    store.appendRaw(identityStream, { type: 'StoreNamed', data: { storeId, dataVersion: 3 } });
    await expect(store.identity()).rejects.toThrow('written by a newer version of Orderstream');
  });
});

it('a connection neither appends to nor consumes an event store of another data version', async () => {
  const node = await startEmbeddedNode({ memory: true, port: 0 });
  const url = node.connectionString;
  const older = connectEventStore({ catalogue, url });
  await older.append('order-1', [unitsCounted(1)], 'no_stream');
  const store = connectEventStore({ catalogue: version2, url });
  const stop = new AbortController();
  const warnings: string[] = [];
  const watched = connectEventStore({
    catalogue: version2,
    url,
    logger: {
      info: () => {},
      error: () => {},
      warn: (_, fields) => {
        warnings.push(String(fields?.error));
        if (warnings.length === 2) stop.abort();
      },
    },
  });
  const seen: string[] = [];
  const consuming = watched.consumeGroup({
    group: 'fulfilment',
    from: { prefixes: ['order-'] },
    concurrency: 1,
    signal: stop.signal,
    handle: async ({ recorded }) => {
      seen.push(recorded.stream);
      return { verdict: 'ack' };
    },
  });

  await expect(store.append('order-1', [unitsCounted(2)], 0n)).rejects.toThrow(DataVersionMismatch);
  for await (const { kind } of watched.subscribe({ prefixes: ['order-'], signal: stop.signal }))
    seen.push(kind);
  await consuming;

  expect(await collect(older.read('order-1'))).toHaveLength(1);
  expect(await older.groupStatistics('fulfilment')).toBeUndefined();
  expect(seen).toEqual([]);
  expect(warnings.every((warning) => warning.includes('DataVersionMismatch'))).toBe(true);
  await Promise.all([older.close(), store.close(), watched.close()]);
  await node.stop();
});
