import { settlesWithin } from '../../platform/async/timeout.ts';
import { createMonitoringApp } from '../../platform/http/monitoring/monitoring.ts';
import { listen } from '../../platform/http/server/listen.ts';
import { MODELS_WAIT } from '../../read-store/read-store-watch.ts';
import type { Services } from '../services.ts';

const SOON_MS = 1_000;

/**
 * Waits until the read store is open. Meanwhile the port of the query API answers that it is not ready. Returns the port.
 * Throws `CannotListen` and what opening the read store throws.
 */
export async function awaitReadStore(services: Services, port: number, setting: string): Promise<number> {
  const opening = services.readStore();
  if (await settlesWithin(opening, SOON_MS)) return port;
  const { metrics, config } = services;
  const app = createMonitoringApp({
    metrics,
    ready: async () => ({ ready: false, checks: { ...services.stores(), projections: MODELS_WAIT } }),
    logger: services.logger('read-api'),
  });
  const server = await listen(app, { host: config.host, port, setting });
  try {
    await opening;
  } finally {
    await server.close(0);
  }
  return server.port;
}
