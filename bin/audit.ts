import type { Auditor } from '../cli/replay/replay.ts';
import { type EarlierOrder, type History, markIn } from '../cli/replay/shop/replay-marks.ts';
import { catalogue } from '../event-catalogue/catalogue.ts';
import { ourPrefixes } from '../event-catalogue/streams.ts';
import { connectEventStore } from '../event-store/connect.ts';
import type { EventStore } from '../event-store/event-store.ts';
import type { Config } from '../platform/config/config.ts';
import { readModels } from '../projections/read-models.ts';
import { verify } from '../projections/verify/verify.ts';
import { openReadStore } from '../read-store/open-read-store.ts';
import type { Position, ReadStore } from '../read-store/read-store.ts';
import { createStoreRetry } from './retry-while-unavailable.ts';
import { waitForCheckpoints } from './wait-for-checkpoints.ts';

/**
 * Opens both stores for an audit behind the APIs. Retries for two minutes while a store is unavailable. Then throws
 * `ShopUnavailable`; also throws what opening the stores throws.
 */
export async function openAudit(config: Config, print: (text: string) => void = () => {}): Promise<Auditor> {
  const withRetry = createStoreRetry({ print, eventStoreUrl: config.eventStoreUrl });
  const readStore = await withRetry(() => openReadStore(config.readStoreUrl));
  const store = connectEventStore({ catalogue, url: config.eventStoreUrl });
  let mark: Position | undefined;
  return {
    history: () => withRetry(() => historyIn(store)),
    begin: async () => {
      mark = await withRetry(() => store.head());
    },
    end: async () => {
      const { events, last } = await withRetry(() => countAfter(store, mark));
      // `verify` reports the read models that are still behind.
      if (last !== undefined) await withRetry(() => waitForCheckpoints(() => checkpointsIn(readStore), last));
      const checks = await withRetry(() =>
        verify({ store, readStore, projections: readModels, ...(last && { position: last }) }),
      );
      return { events, checks };
    },
    close: async () => {
      await Promise.all([store.close(), readStore.close()]);
    },
  };
}

/** Reads orders and receipts of earlier replays, found by the marks in the metadata of events. */
async function historyIn(store: EventStore): Promise<History> {
  const received = new Map<string, number>();
  const orders = new Map<string, EarlierOrder[]>();
  for await (const { event, metadata } of store.readAll({ prefixes: ['order-', 'inventory-'] })) {
    const mark = metadata.actor.role === 'customer' ? undefined : markIn(metadata.requestId);
    if (mark === undefined) continue;
    const data = event.data as {
      readonly productId: string;
      readonly quantity: number;
      readonly orderId: string;
    };
    if (mark.kind === 'receipt' && event.type === 'StockReceived')
      received.set(data.productId, (received.get(data.productId) ?? 0) + data.quantity);
    if (mark.kind === 'order' && event.type === 'OrderPlaced')
      orders.set(mark.invoice, [
        ...(orders.get(mark.invoice) ?? []),
        { orderId: data.orderId, digest: mark.digest },
      ]);
  }
  return { received, orders };
}

async function countAfter(store: EventStore, after: Position | undefined) {
  let events = 0;
  let last: Position | undefined;
  for await (const { position } of store.readAll({ prefixes: ourPrefixes, ...(after && { after }) })) {
    events++;
    last = position;
  }
  return { events, last };
}

/** Looks up the live generations each time, since another generation may have become live. */
async function checkpointsIn(readStore: ReadStore): Promise<(Position | undefined)[]> {
  const models = await Promise.all(readModels.map((projection) => readStore.live(projection)));
  return await Promise.all(models.map((model) => model.checkpoint()));
}
