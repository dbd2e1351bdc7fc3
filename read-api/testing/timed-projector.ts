import { catalogue } from '../../event-catalogue/catalogue.ts';
import { connectEventStore } from '../../event-store/connect.ts';
import { startProjector } from '../../projections/engine/projector.ts';
import { ordersProjection } from '../../projections/orders/projection.ts';
import { readModels } from '../../projections/read-models.ts';
import { openReadStore } from '../../read-store/open-read-store.ts';
import type { ReadStore } from '../../read-store/read-store.ts';
import { silent } from './harness.ts';

/** Orders up to a position were written; milliseconds since the epoch, and parts of them. */
export type Written = (position: bigint, at: number) => void;

export const wallClock = (): number => performance.timeOrigin + performance.now();

/** The projector as it runs, except that it tells when it has written orders. Answers how to stop it. */
export async function startTimedProjector(
  eventStoreUrl: string,
  readStoreUrl: string,
  written: Written,
): Promise<() => Promise<void>> {
  const stopping = new AbortController();
  const store = connectEventStore({ catalogue, url: eventStoreUrl });
  const readStore = await openReadStore(readStoreUrl);
  const projector = await startProjector({
    stores: () => ({ eventStore: 'ok', readStore: 'ok' }),
    store,
    readStore: telling(readStore, written),
    projections: readModels,
    logger: silent,
    host: '127.0.0.1',
    signal: stopping.signal,
  });
  return async () => {
    stopping.abort();
    await projector.done;
    await store.close();
    await readStore.close();
  };
}

function telling(readStore: ReadStore, written: Written): ReadStore {
  const generation: ReadStore['generation'] = async (model, number) => {
    const opened = await readStore.generation<never>(model, number);
    if (model.name !== ordersProjection.name) return opened;
    const commit = opened.commit.bind(opened);
    opened.commit = async (documents, checkpoint) => {
      await commit(documents, checkpoint);
      written(checkpoint.commit, wallClock());
    };
    return opened;
  };
  return new Proxy(readStore, {
    get: (target, name) => {
      if (name === 'generation') return generation;
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
