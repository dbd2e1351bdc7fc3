import { setMaxListeners } from 'node:events';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createCommandHandler } from '../../../command-handling/create-command-handler.ts';
import { type EmbeddedNode, startEmbeddedNode } from '../../../embedded/node.ts';
import { catalogue } from '../../../event-catalogue/catalogue.ts';
import { parkingStream } from '../../../event-catalogue/streams.ts';
import { stockReceived } from '../../../event-catalogue/testing/sample-events.ts';
import type { RecordedEvent } from '../../../event-store/codec/recorded-event.ts';
import { connectEventStore, type EventStoreConnection } from '../../../event-store/connect.ts';
import { createCrashGuard } from './crash-guard.ts';
import { createDeliveryHandler } from './delivery-handler.ts';
import { createParking } from './parking.ts';

const CRASHING = 'inventory-crashing';

let node: EmbeddedNode;
let straight: EventStoreConnection;
beforeEach(async () => {
  node = await startEmbeddedNode({ memory: true, port: 0 });
  straight = connectEventStore({ catalogue, url: node.connectionString });
});
afterEach(async () => {
  await straight.close();
  await node.stop();
});

/** A worker process that crashes when it handles the crashing event. Resolves when it has crashed or was stopped. */
function live(note: (stream: string) => void, stop: AbortSignal): Promise<void> {
  const store = connectEventStore({
    catalogue,
    url: node.connectionString,
    subscribeBackoff: { firstMs: 5, maxMs: 20 },
  });
  const handler = createCommandHandler({ store });
  const parking = createParking(handler, () => new Date());
  const guard = createCrashGuard(handler, () => new Date());
  return new Promise((over) => {
    const end = async () => {
      await store.close();
      over();
    };
    stop.addEventListener('abort', () => void end());
    const handle = async ({ stream }: RecordedEvent): Promise<void> => {
      note(stream);
      if (stream !== CRASHING) return;
      await end();
      await new Promise<never>(() => {});
    };
    void store.consumeGroup({
      group: 'mortals',
      from: { prefixes: ['inventory-'] },
      concurrency: 4,
      ...createDeliveryHandler({ group: 'mortals', handle, parking, guard }),
      signal: stop,
    });
  });
}

it('the engine parks an event that crashes its workers after some crashes, and handles all other events', async () => {
  await straight.append(CRASHING, [stockReceived(1)], 'no_stream');
  for (const n of [1, 2, 3]) await straight.append(`inventory-${n}`, [stockReceived(n)], 'no_stream');

  const done = new AbortController();
  setMaxListeners(0, done.signal);
  const types: string[] = [];
  const handled: string[] = [];
  const look = () => {
    if (types.includes('ItemParked') && new Set(handled).size === 4) done.abort();
  };
  const watching = (async () => {
    for await (const entry of straight.subscribe({ prefixes: [parkingStream], signal: done.signal })) {
      if (entry.kind !== 'event') continue;
      const { event } = entry.recorded;
      types.push(event.type);
      if (event.type !== 'ItemParked') continue;
      expect(event.data).toMatchObject({
        subject: { stream: CRASHING, revision: '0' },
        reason: 'worker-crashed',
      });
      look();
    }
  })();
  const note = (stream: string) => {
    handled.push(stream);
    look();
  };
  let lives = 0;
  for (; !done.signal.aborted && lives < 100; lives += 1) await live(note, done.signal);
  await watching;

  expect(types.filter((type) => type === 'ItemParked')).toHaveLength(1);
  const deaths = handled.filter((stream) => stream === CRASHING).length;
  expect(deaths).toBeGreaterThan(1);
  expect(deaths).toBeLessThan(30);
  expect(new Set(handled)).toEqual(new Set([CRASHING, 'inventory-1', 'inventory-2', 'inventory-3']));
});
