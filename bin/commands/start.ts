import { join } from 'node:path';
import { type Config, ConfigError } from '../../platform/config.ts';
import { stopGracefully } from '../../platform/graceful.ts';
import { createLogger } from '../../platform/logger.ts';
import { withoutCredentials } from '../../platform/shown-url.ts';
import { announce } from '../announce.ts';
import { embeddedPortOf, mustReachEmbedded } from '../embedded-port.ts';
import { isOrphan, startChild, tellParent } from '../processes.ts';
import { processes, type Role, roles } from '../roles/roles.ts';
import type { Running } from '../roles/running.ts';

export interface StartOptions {
  /** Of the embedded node; that of `EVENTSTORE_URL` when absent. */
  readonly port?: number;
  /** The embedded node's folder; one in `DATA_DIR` when absent. */
  readonly data?: string;
  /** The embedded node keeps nothing. */
  readonly memory?: boolean;
}

/** Starts the roles named, or all of them. Resolves once they serve; throws what a role throws at its start. */
export async function start(
  config: Config,
  named: readonly ('eventstore' | Role)[],
  options: StartOptions,
): Promise<void> {
  const running: Running[] = [];
  const logger = createLogger({ level: config.logLevel, role: 'start' });
  const stopAll = async () => {
    // The last started stops first: the event store outlives those who use it.
    for (const one of running.splice(0).reverse()) await one.stop();
  };
  const isChild = process.send !== undefined;
  if (isChild) process.on('SIGINT', () => {});
  stopGracefully({ stop: stopAll, logger, ...(isChild && { signals: ['SIGTERM'] }) });
  // The parent may have ended before anybody here listened for it.
  if (isOrphan()) process.exit(0);
  try {
    await startInto(running, config, [...new Set(named)], options);
  } catch (error) {
    await stopAll();
    throw error;
  }
  const addresses: Record<string, string> = Object.assign({}, ...running.map((one) => one.addresses));
  if (isChild) tellParent(addresses);
  else announce(addresses, config);
  for (const { failed } of running) {
    failed?.catch(async (error: Error) => {
      logger.error(error.message, { error });
      await stopAll();
      process.exit(1);
    });
  }
}

/** Options that would change nothing, or start an event store that the others do not look for. Throws `ConfigError`. */
function refuseIdle(options: StartOptions, embedded: boolean, url: string): void {
  const [idle] = Object.entries(options).filter(([, value]) => value !== undefined);
  if (idle !== undefined && !embedded)
    throw new ConfigError(`--${idle[0]}`, String(idle[1]), 'only where the embedded event store is started');
  const { port } = options;
  if (port !== undefined && port !== embeddedPortOf(url))
    throw new ConfigError(
      '--port',
      String(port),
      `the port of EVENTSTORE_URL, which is ${withoutCredentials(url)}`,
    );
}

/** What this process was started with, but for the room for young objects: only who answers commands makes use of so much. */
const leanFlags = () => process.execArgv.filter((flag) => !flag.includes('semi-space-size'));

async function startInto(
  running: Running[],
  config: Config,
  named: readonly ('eventstore' | Role)[],
  options: StartOptions,
): Promise<void> {
  const port = options.port ?? embeddedPortOf(config.eventStoreUrl);
  const folder = options.data ?? join(config.dataDir, 'event-store');
  if (named.length === 1 && named[0] === 'eventstore') {
    const { startEventStore } = await import('../roles/event-store.ts');
    running.push(await startEventStore({ port: port ?? 2113, folder, memory: options.memory ?? false }));
    return;
  }
  if (named.length === 0 && port !== undefined) mustReachEmbedded(config.eventStoreUrl);
  const embedded = named.includes('eventstore') || (named.length === 0 && port !== undefined);
  refuseIdle(options, embedded, config.eventStoreUrl);
  // While the event store starts.
  const loading = import('../services.ts');
  if (embedded) {
    const memory = options.memory ? ['--memory'] : [];
    const words = ['start', 'eventstore', '--port', `${port ?? 2113}`, '--data', folder, ...memory];
    running.push(await startChild(words, leanFlags()));
  }
  const [own, ...others] = named.length === 0 ? processes : [named.filter((role) => role !== 'eventstore')];
  const { createServices } = await loading;
  const services = createServices(config, own.join('+'));
  running.push({ addresses: {}, stop: services.close });
  const starting = [
    ...others.map((group) => startChild(['start', ...group], leanFlags())),
    ...own.map((role) => roles[role](services)),
  ];
  const settled = await Promise.allSettled(starting);
  // Those that did start are stopped with all the rest when one did not.
  for (const one of settled) if (one.status === 'fulfilled') running.push(one.value);
  for (const one of settled) if (one.status === 'rejected') throw one.reason;
}
