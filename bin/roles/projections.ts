import { startProjector } from '../../projections/engine/projector.ts';
import { readModels } from '../../projections/read-models.ts';
import type { Services } from '../services.ts';
import type { RunningRole } from './running-role.ts';

/** Starts the projector, with health, metrics and the change feed on its own port. */
export async function startProjections(services: Services): Promise<RunningRole> {
  const aborter = new AbortController();
  const watching = services.watchReadStore();
  watching.catch(() => {});
  const projector = await startProjector({
    store: services.store(),
    readStore: services.readStore(),
    stores: services.stores,
    projections: readModels,
    logger: services.logger('projections'),
    metrics: services.metrics,
    host: services.config.host,
    port: services.config.projectionsPort,
    accessLog: services.accessLog('projections'),
    signal: AbortSignal.any([aborter.signal, services.stopping]),
  });
  (await watching).beforeReopen(projector.pauseWriting);
  return {
    addresses: { projections: new URL('/', projector.feedUrl).href },
    failed: projector.done.then(() => new Promise<never>(() => {})),
    stop: async () => {
      aborter.abort();
      await projector.done;
    },
  };
}
