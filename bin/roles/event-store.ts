import { PortUnavailable } from '../../embedded/network/port-unavailable.ts';
import { startEmbeddedNode } from '../../embedded/node.ts';
import type { Config } from '../../platform/config/config.ts';
import { CannotListen } from '../../platform/http/server/listen.ts';
import { limitWarnings } from '../../platform/logging/limit-warnings.ts';
import { createLogger } from '../../platform/logging/logger.ts';
import type { StartOptions } from '../start/start-config.ts';
import { embeddedHostOf, embeddedPortOf } from '../start/stores/embedded-port.ts';
import { eventStoreFolder } from '../start/stores/event-store-folder.ts';
import { removeStaleMemoryStores } from '../start/stores/memory-store.ts';
import type { RunningRole } from './running-role.ts';

const DEFAULT_PORT = 2113;

/** Starts the embedded node; in memory, the folder is not touched. Throws `LogUnavailable` and `CannotListen`. */
export async function startEventStore(
  config: Config,
  { port: chosen, memory = false }: Pick<StartOptions, 'port' | 'memory'>,
): Promise<RunningRole> {
  const { dataDir, eventStoreUrl } = config;
  const ofUrl = embeddedPortOf(eventStoreUrl) ?? DEFAULT_PORT;
  const port = chosen ?? ofUrl;
  const host = embeddedHostOf(eventStoreUrl);
  const place = memory ? { memory } : { dataDir: eventStoreFolder(dataDir) };
  try {
    const logger = limitWarnings(createLogger({ level: config.logLevel, role: 'eventstore' }));
    const onError = (sentence: string) => logger.warn(sentence);
    const node = await startEmbeddedNode({ ...place, host, port, onError });
    if (port === ofUrl) removeStaleMemoryStores(config);
    return { addresses: { 'event store': node.connectionString }, stop: () => node.stop() };
  } catch (error) {
    const cause = error instanceof PortUnavailable ? error.cause : undefined;
    if (!(cause instanceof Error)) throw error;
    const code = 'code' in cause ? String(cause.code) : cause.message;
    throw new CannotListen(host, port, code, chosen === undefined ? 'EVENTSTORE_URL' : '--port');
  }
}
