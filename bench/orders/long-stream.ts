import { setTimeout as sleep } from 'node:timers/promises';
import { aggregateSnapshots } from '../../command-handling/aggregates.ts';
import { catalogue } from '../../event-catalogue/catalogue.ts';
import { inventoryStream } from '../../event-catalogue/streams.ts';
import { connectEventStore, type EventStoreConnection } from '../../event-store/connect.ts';
import { stockMovements } from '../data/stock-movements.ts';
import { median } from '../harness/paired-runs.ts';
import { openShop, STOCK_FOR_ALL } from '../harness/shop.ts';
import type { Row } from '../harness/table.ts';
import { withSystem } from '../harness/with-system.ts';

const LONG = 'LONG';
const SHORT = 'SHORT';
/** Maximum number of events after a snapshot: the next event would save another. */
const BEYOND_SNAPSHOT = Math.max(...aggregateSnapshots.map(({ every }) => every)) - 1;
const PER_APPEND = 500;

/** Measures the first command after a restart to a stream with so many events. */
export async function measureLongStream(events: number, restarts: number): Promise<Row[]> {
  const { whole, long, short } = await measureRestarts(events, restarts);
  const ratio = long / short;
  return [
    { what: `first command to ${events} events, no snapshot`, unit: 'ms', measured: whole },
    { what: 'first command after a restart, a stream of 1 event', unit: 'ms', measured: short, ratio: 1 },
    { what: `first command after a restart, ${events} events`, unit: 'ms', measured: long, ratio },
    { what: `the same, with a target for the time itself`, unit: 'ms', measured: long, target: '< 200' },
  ];
}

interface Restarts {
  readonly whole: number;
  readonly long: number;
  readonly short: number;
}

/** Returns the milliseconds of a POST that receives stock, as the first request of a new process; kill -9 before each. */
const measureRestarts = (events: number, restarts: number): Promise<Restarts> =>
  withSystem(['eventstore', 'write-side'], async (system) => {
    const store = connectEventStore({ catalogue, url: system.env.EVENTSTORE_URL ?? '' });
    const first = openShop(system, 1);
    for (const productId of [LONG, SHORT]) await first.createItem(productId, STOCK_FOR_ALL);
    await first.close();
    const stream = { next: 0 };
    await lengthen(store, stream, events);
    const restartAnd = async (productId: string) => {
      await system.kill();
      await system.restart();
      const shop = openShop(system, 1);
      const startedAt = performance.now();
      await shop.receive(productId, 1);
      const took = performance.now() - startedAt;
      await shop.close();
      return took;
    };
    const whole = await restartAnd(LONG);
    await snapshotBeyond(store, stream.next);
    const [long, short]: [number[], number[]] = [[], []];
    for (let restart = 0; restart < restarts; restart++) {
      await lengthen(store, stream, BEYOND_SNAPSHOT);
      long.push(await restartAnd(LONG));
      // The snapshot is saved in the background, and the next kill would prevent it.
      await snapshotBeyond(store, stream.next);
      short.push(await restartAnd(SHORT));
    }
    await store.close();
    return { whole, long: median(long), short: median(short) };
  });

/** Appends stock movements of orders, 500 at a time. */
async function lengthen(
  store: EventStoreConnection,
  stream: { next: number },
  events: number,
): Promise<void> {
  for (const end = stream.next + events; stream.next < end; ) {
    const count = Math.min(PER_APPEND, end - stream.next);
    const batch = stockMovements(LONG, stream.next, count).map((event, index) => ({
      event,
      metadata: {
        $correlationId: event.data.orderId,
        $causationId: event.data.orderId,
        commandId: `${event.type}:${stream.next + index}`,
        actor: { sub: 'fulfilment', role: 'system' } as const,
      },
    }));
    await store.append(inventoryStream(LONG), batch, 'any');
    stream.next += count;
  }
}

async function snapshotBeyond(store: EventStoreConnection, revision: number): Promise<void> {
  for (;;) {
    const snapshot = await store.snapshots.load(inventoryStream(LONG));
    if (snapshot !== undefined && snapshot.revision >= revision) return;
    await sleep(50);
  }
}
