import { afterEach, beforeEach, expect, it } from 'vitest';
import { type EmbeddedNode, startEmbeddedNode } from '../../embedded/node.ts';
import { catalogue } from '../../event-catalogue/catalogue.ts';
import type { Position } from '../../event-store/codec/recorded-event.ts';
import { connectEventStore, type EventStoreConnection } from '../../event-store/connect.ts';
import { silent } from '../../event-store/logger.ts';
import { eventually } from '../../event-store/testing/eventually.ts';
import type { ReadStore } from '../../read-store/read-store.ts';
import { sqliteReadStore } from '../../read-store/testing/adapters.ts';
import { readModels } from '../read-models.ts';
import { productCreated, stockReceived } from '../testing/events.ts';
import { verify } from '../verify/verify.ts';
import { comparePositions } from './positions.ts';
import { type Projector, startProjector } from './projector.ts';

let node: EmbeddedNode;
let store: EventStoreConnection;
let place: ReturnType<typeof sqliteReadStore>;
let readStore: ReadStore;
let stopping: AbortController;
let projector: Projector;
let last: Position;
let commands = 0;

beforeEach(async () => {
  node = await startEmbeddedNode({ memory: true, port: 0 });
  store = connectEventStore({ catalogue, url: node.connectionString });
  place = sqliteReadStore();
  readStore = await place.open();
});
afterEach(async () => {
  await stop();
  await store.close();
  await node.stop();
  await place.dispose();
});

async function start(): Promise<void> {
  stopping = new AbortController();
  const { signal } = stopping;
  projector = await startProjector({
    stores: () => ({ eventStore: 'ok', readStore: 'ok' }),
    store,
    readStore,
    projections: readModels,
    logger: silent,
    host: '127.0.0.1',
    signal,
  });
}

async function stop(): Promise<void> {
  stopping.abort();
  await projector.done;
}

async function fill(products: number): Promise<void> {
  for (let number = 0; number < products; number++) {
    const product = `mug-${commands}`;
    const metadata = {
      $correlationId: product,
      $causationId: 'test',
      commandId: `command-${commands++}`,
      actor: { sub: 'olivia', role: 'operator' },
    } as const;
    await store.append(
      `product-${product}`,
      [{ event: productCreated(product, product), metadata }],
      'no_stream',
    );
    const received = Array.from({ length: 5 }, () => ({ event: stockReceived(product, 3), metadata }));
    last = (await store.append(`inventory-${product}`, received, 'no_stream')).position;
  }
}

async function allPassed(): Promise<void> {
  await eventually(async () => {
    for (const projection of readModels) {
      const checkpoint = await (await readStore.live(projection)).checkpoint();
      expect(comparePositions(checkpoint, last)).toBeGreaterThanOrEqual(0);
    }
  });
}

it('a projector applies the events of an embedded node: existing ones, new ones, and those written while the projector was stopped', async () => {
  await fill(20);
  await start();
  await fill(20);
  await allPassed();
  await stop();
  await fill(20);
  await start();
  await fill(5);
  await allPassed();
  const checks = await verify({ store, readStore, projections: readModels, position: last });
  expect(checks.filter(({ ok }) => !ok)).toEqual([]);
  expect(checks.find(({ name }) => name.includes('movements'))?.actual).toBe('325 documents, all equal');
  await eventually(async () => {
    const statuses = await readStore.statuses();
    expect(statuses.map(({ status }) => status)).toEqual(readModels.map(() => 'live'));
  });
});
