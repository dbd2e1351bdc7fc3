import { Registry } from 'prom-client';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { DomainEvent } from '../domain/kernel/event.ts';
import { createInMemoryEventStore } from '../event-store/testing/in-memory-event-store.ts';
import { type Listening, listen } from '../platform/http/listen.ts';
import { secretKey, signToken } from '../platform/http/tokens.ts';
import { readModels } from '../projections/models.ts';
import { PROJECTOR_LEASE } from '../projections/projector/lease.ts';
import { type Projector, startProjector } from '../projections/projector/projector.ts';
import { orderPlaced, productCreated, stockReceived } from '../projections/testing/events.ts';
import { sqliteReadStore } from '../read-store/testing/adapters.ts';
import { ChangeFeed } from './change-feed.ts';
import { LiveUpdates } from './live/live-updates.ts';
import { createQueryApi } from './query-api.ts';
import { silent } from './testing/harness.ts';

const secret = secretKey('a secret of at least thirty-two bytes');
const token = signToken(secret, { sub: 'olga', role: 'operator' });
const events = createInMemoryEventStore();
const place = sqliteReadStore();

let stopping: AbortController;
let projector: Projector;
let feed: ChangeFeed;
let live: LiveUpdates;
let api: Listening;

beforeEach(async () => {
  stopping = new AbortController();
  projector = await startProjector({
    store: events,
    readStore: await place.open(),
    projections: readModels,
    logger: silent,
    host: '127.0.0.1',
    signal: stopping.signal,
  });
  // The query API sees the stored files from a connection of its own, as a process of its own would.
  const readStore = await place.open();
  feed = new ChangeFeed({ readStore, lease: PROJECTOR_LEASE, logger: silent });
  const metrics = new Registry();
  live = new LiveUpdates({ readStore, feed, logger: silent, metrics });
  const app = createQueryApi({ readStore, feed, live, version: '0.0.0', secret, logger: silent, metrics });
  api = await listen(app, { host: '127.0.0.1', port: 0 });
});
afterEach(async () => {
  live.close();
  await api.close(0);
  await feed.close();
  stopping.abort();
  await projector.done;
  await place.dispose();
});

test('what was appended is there for whoever names its position, in every model', async () => {
  await append('product-mug', productCreated('mug', 'Mug'));
  await append('inventory-mug', stockReceived('mug', 10));
  let position = await append('order-o0', orderPlaced('o0', [['mug', 1, 255]]));
  for (let number = 1; number <= 20; number += 1) {
    position = await append(`order-o${number}`, orderPlaced(`o${number}`, [['mug', 1, 255]]));
    expect(await get(`orders/o${number}?minPosition=${position}`)).toMatchObject({ status: 'placed' });
  }

  expect(await get(`orders/o20/timeline?minPosition=${position}`)).toMatchObject({
    items: [{ revision: '0' }],
  });
  expect(await get(`inventory/items/mug?minPosition=${position}`)).toMatchObject({ onHand: 10 });
  expect(await get(`inventory/items?query=mu&minPosition=${position}`)).toMatchObject({
    items: [{ name: 'Mug' }],
  });
  expect(await get(`customers/ann?minPosition=${position}`)).toMatchObject({ orders: 21 });
  const { items } = await get(`projections?minPosition=${position}`);
  expect(items).toHaveLength(9);
  for (const item of items)
    expect(item).toMatchObject({ generation: 1, position: position.toString(), status: 'live' });
});

async function append(stream: string, event: DomainEvent): Promise<bigint> {
  const metadata = {
    $correlationId: stream,
    $causationId: 'test',
    commandId: `command of ${stream}`,
    actor: { sub: 'olga', role: 'operator' },
  } as const;
  return (await events.append(stream, [{ event, metadata }], 'any')).position.commit;
}

// biome-ignore lint/suspicious/noExplicitAny: looked at as a client does, without types
async function get(path: string): Promise<any> {
  const response = await fetch(`${api.url}/api/v1/${path}`, {
    headers: { authorization: `Bearer ${token}` },
  });
  expect(response.status).toBe(200);
  return response.json();
}
