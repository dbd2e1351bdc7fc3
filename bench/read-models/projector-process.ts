import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EventStoreDBClient, FORWARDS, START } from '@eventstore/db-client';
import { type Gauge, Registry } from 'prom-client';
import { catalogue } from '../../event-catalogue/catalogue.ts';
import { connectEventStore } from '../../event-store/connect.ts';
import { silent } from '../../event-store/logger.ts';
import { startProjector } from '../../projections/engine/projector.ts';
import { readModels } from '../../projections/read-models.ts';
import { openReadStore } from '../../read-store/open-read-store.ts';
import { serveRequests } from '../harness/bench-process.ts';

/** Read models to build; without any, the bare client reads `$all`. */
export interface Projecting {
  readonly url: string;
  readonly models: readonly string[];
}

const LOOK_EVERY_MS = 10;

serveRequests<Projecting, number>(({ url, models }) =>
  models.length === 0 ? read(url) : project(url, models),
);

/** Returns the seconds in which the bare client reads `$all`. */
async function read(url: string): Promise<number> {
  const client = EventStoreDBClient.connectionString(url);
  const startedAt = performance.now();
  for await (const _ of client.readAll({ direction: FORWARDS, fromPosition: START }));
  const seconds = (performance.now() - startedAt) / 1_000;
  await client.dispose();
  return seconds;
}

/** Returns the seconds until these models are current, on an empty SQLite store. */
async function project(url: string, models: readonly string[]): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'orderstream-bench-'));
  const store = connectEventStore({ catalogue, url });
  const readStore = await openReadStore(`sqlite:${folder}`);
  const end = Number((await store.head())?.commit);
  const stopping = new AbortController();
  const metrics = new Registry();
  const startedAt = performance.now();
  const projector = await startProjector({
    stores: () => ({ eventStore: 'ok', readStore: 'ok' }),
    store,
    readStore,
    projections: readModels.filter(({ name }) => models.includes(name)),
    logger: silent,
    metrics,
    host: '127.0.0.1',
    signal: stopping.signal,
  });
  const position = metrics.getSingleMetric('orderstream_projection_position') as Gauge;
  for (;;) {
    const { values } = await position.get();
    if (values.length === models.length && values.every(({ value }) => value >= end)) break;
    await sleep(LOOK_EVERY_MS);
  }
  const seconds = (performance.now() - startedAt) / 1_000;
  stopping.abort();
  await projector.done;
  await Promise.all([store.close(), readStore.close()]);
  await rm(folder, { recursive: true });
  return seconds;
}
