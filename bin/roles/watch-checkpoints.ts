import type { StoreWatch } from '../../event-store/watch/store-watch.ts';
import { pause } from '../../platform/async/backoff.ts';
import { ordersProjection } from '../../projections/orders/projection.ts';
import type { ReadStore } from '../../read-store/read-store.ts';

const EVERY_MS = 2_000;

/**
 * Passes the events of the checkpoints to the watch of the event store. With them, a role that reads no events itself
 * notices when the event store has lost events.
 */
export async function watchCheckpoints(
  readStore: ReadStore,
  watch: Pick<StoreWatch, 'remember'>,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const events = await readStore
      .live(ordersProjection)
      .then((orders) => orders.checkpointEvents())
      .catch(() => []);
    for (const event of events) watch.remember(event);
    await pause(EVERY_MS, signal);
  }
}
