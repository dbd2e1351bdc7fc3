import { afterEach, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { type EmbeddedNode, startEmbeddedNode } from '../../embedded/node.ts';
import type { EventCatalogue } from '../catalogue.ts';
import { connectEventStore, type EventStoreConnection } from '../connect.ts';
import { collect } from '../testing/collect.ts';
import { catalogue } from '../testing/sample-events.ts';
import { knownTypesStream } from './known-types.ts';

let node: EmbeddedNode;
let stores: EventStoreConnection[];
beforeEach(async () => {
  node = await startEmbeddedNode({ memory: true, port: 0 });
  stores = [];
});
afterEach(async () => {
  for (const store of stores) await store.close();
  await node.stop();
});

const version = (types: Readonly<Record<string, number>>): EventCatalogue => ({
  definitions: Object.entries(types).map(([type, of]) => ({ type, version: of, schema: z.strictObject({}) })),
  upcasters: Object.entries(types).flatMap(([type, of]) =>
    Array.from({ length: of - 1 }, (_, n) => ({ type, from: n + 1, upcast: (data: unknown) => data })),
  ),
  prefixes: [],
  dataVersion: 1,
});

/** Starts a program that knows these types; returns the newer types that it reports. */
const startOf = (catalogue: EventCatalogue): Promise<readonly string[]> => {
  const store = connectEventStore({ catalogue, url: node.connectionString });
  stores.push(store);
  return store.newerTypes();
};

const old = version({ Placed: 1, Paid: 1 });
const newer = version({ Placed: 2, Paid: 1, GiftWrapped: 1 });

it('an older version reports the types that only a newer one knows, at each start', async () => {
  expect(await startOf(old)).toEqual([]);
  expect(await startOf(newer)).toEqual([]);
  for (let starts = 0; starts < 2; starts += 1)
    expect(await startOf(old)).toEqual(['GiftWrapped', 'Placed of version 2']);
  expect(await startOf(newer)).toEqual([]);
});

it('a version records its types once, also when several processes start at the same time', async () => {
  for (let starts = 0; starts < 2; starts += 1) {
    const reported = await Promise.all([startOf(old), startOf(old), startOf(old), startOf(old)]);
    expect(reported).toEqual([[], [], [], []]);
  }
  const store = connectEventStore({ catalogue, url: node.connectionString });
  stores.push(store);
  expect(await collect(store.read(knownTypesStream))).toMatchObject([
    { event: { type: 'EventTypesKnown', data: { versions: { Placed: 1, Paid: 1, StoreNamed: 1 } } } },
  ]);
});
