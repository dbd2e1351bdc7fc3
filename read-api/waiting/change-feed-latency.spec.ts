import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startEmbeddedNode } from '../../embedded/node.ts';
import { spawnWithParent } from '../../embedded/testing/spawn-with-parent.ts';
import { catalogue } from '../../event-catalogue/catalogue.ts';
import { connectEventStore, type EventStoreConnection } from '../../event-store/connect.ts';
import { ordersProjection } from '../../projections/orders/projection.ts';
import { orderPlaced } from '../../projections/testing/events.ts';
import { PROJECTOR_LEASE } from '../../read-store/projector-lease.ts';
import { adapters, type TestReadStore } from '../../read-store/testing/adapters.ts';
import { silent } from '../testing/harness.ts';
import { startTimedProjector, type Written, wallClock } from '../testing/timed-projector.ts';
import { ChangeFeed } from './change-feed.ts';

const LONG_MS = 60_000;
const ORDERS = 100;

/** Starts a projector that tells what it has written; answers how to stop it. */
type Start = (eventStoreUrl: string, readStoreUrl: string, written: Written) => Promise<() => Promise<void>>;

const ofItsOwn: Start = async (eventStoreUrl, readStoreUrl, written) => {
  const program = fileURLToPath(new URL('../testing/projector-process.ts', import.meta.url));
  const loader = fileURLToPath(new URL('../../embedded/testing/run-typescript.mjs', import.meta.url));
  const child = spawnWithParent(
    process.execPath,
    ['--import', loader, program, eventStoreUrl, readStoreUrl],
    {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    },
  );
  child.on('message', ({ position, at }: { position: string; at: number }) => written(BigInt(position), at));
  return async () => {
    const ended = once(child, 'exit');
    child.disconnect();
    await ended;
  };
};

describe.each(adapters())('on $name', ({ create }) => {
  let place: TestReadStore;
  let node: Awaited<ReturnType<typeof startEmbeddedNode>>;
  let events: EventStoreConnection;
  let feed: ChangeFeed;
  let stop: () => Promise<void>;

  beforeEach(async () => {
    place = create();
    node = await startEmbeddedNode({ memory: true, port: 0 });
    events = connectEventStore({ catalogue, url: node.connectionString });
  });
  afterEach(async () => {
    await feed.close();
    await stop();
    await events.close();
    await node.stop();
    await place.dispose();
  });

  const append = async (number: number): Promise<bigint> => {
    const metadata = {
      $correlationId: `o${number}`,
      $causationId: 'test',
      commandId: `command-${number}`,
      actor: { sub: 'ann', role: 'customer' },
    } as const;
    const event = orderPlaced(`o${number}`, [['mug', 1, 255]]);
    const { position } = await events.append(`order-o${number}`, [{ event, metadata }], 'no_stream');
    return position.commit;
  };

  it.for([
    ['this process', startTimedProjector],
    ['another process', ofItsOwn],
  ] as const)('waiting ends with the write of a projector in %s', async ([, start], { annotate }) => {
    const writes: { readonly position: bigint; readonly at: number }[] = [];
    stop = await start(node.connectionString, place.url, (position, at) => writes.push({ position, at }));
    const readStore = await place.open();
    // Polls so rarely that only the feed can end a wait.
    const timing = { pollWithFeed: LONG_MS, pollWithoutFeed: LONG_MS };
    feed = new ChangeFeed({ readStore, lease: PROJECTOR_LEASE, logger: silent, timing });
    await expect.poll(() => feed.connected, { timeout: LONG_MS }).toBe(true);

    const ends: { readonly position: bigint; readonly at: number }[] = [];
    for (let number = 1; number <= ORDERS; number += 1) {
      const position = await append(number);
      expect(await feed.waitFor(ordersProjection, position, LONG_MS)).toBe(true);
      ends.push({ position, at: wallClock() });
    }
    const last = ends.at(-1)?.position ?? 0n;
    await expect.poll(() => writes.some(({ position }) => position >= last)).toBe(true);

    const took = ends
      .map(({ position, at }) => at - (writes.find((write) => write.position >= position)?.at ?? 0))
      .sort((a, b) => a - b);
    const at = (part: number) => took[Math.floor(ORDERS * part)] ?? Number.NaN;
    await annotate(`after the write: p50 ${at(0.5).toFixed(2)} ms, p99 ${at(0.99).toFixed(2)} ms`);
    // Below 10 ms on an idle machine; with polling alone it would be a minute.
    expect(at(0.5)).toBeLessThan(500);
  });
});
