import type { Logger } from 'winston';
import { settlesWithin } from '../../platform/async/timeout.ts';
import type { Config } from '../../platform/config/config.ts';
import { type GracefulStop, handleStopSignals } from '../../platform/graceful-stop.ts';
import { createLogger } from '../../platform/logging/logger.ts';
import { processes, roles } from '../roles/roles.ts';
import type { RunningRole } from '../roles/running-role.ts';
import type { Services } from '../services.ts';
import { announce } from './announce.ts';
import { apiAddresses, missingApiAddress } from './api-addresses.ts';
import { Layers } from './layers.ts';
import { isOrphan, sendToParent, startChild } from './processes/child-process.ts';
import { releaseSignals } from './processes/early-stop.ts';
import { watchNpm } from './processes/watch-npm.ts';
import { reportFailure } from './report-failure.ts';
import {
  configOf,
  isEventStoreAlone,
  isGatewayAlone,
  type Named,
  type StartOptions,
  startsEventStore,
} from './start-config.ts';
import { createMemoryStore, memoryStoreUrls, removeMemoryStore } from './stores/memory-store.ts';

/** Options that a start passes to its child processes. */
interface ChildOptions {
  readonly child?: boolean;
  /** Temporary folder of read models and keys with `--memory`. */
  readonly scratch?: string;
}

/** Starts the roles named, or all of them. Resolves once they serve; throws what a role throws at its start. */
export async function start(
  env: NodeJS.ProcessEnv,
  named: Named,
  { child: isChild = false, scratch, ...options }: StartOptions & ChildOptions,
): Promise<void> {
  const given = configOf(env, named, options);
  const memoryFolder =
    scratch ?? (options.memory && !isEventStoreAlone(named) ? createMemoryStore(given) : undefined);
  const config = memoryFolder === undefined ? given : { ...given, ...memoryStoreUrls(memoryFolder) };
  const run = new Layers();
  const end = handleStopSignals({
    stop: () => run.stop(),
    logger: createLogger({ level: config.logLevel, role: 'start' }),
    ...(isChild && { onSignal: (signal) => void sendToParent({ signal }) }),
  });
  releaseSignals();
  if (!isChild) watchNpm(() => end.begin('npm has ended'));
  // The parent may have ended before this process listened for it.
  if (isChild && isOrphan()) process.exit(0);
  let services: Services | undefined;
  try {
    services = await Promise.race([
      startInto(run, { env, config, named: [...new Set(named)], options, memoryFolder, end, isChild }),
      run.failed,
    ]);
  } catch (error) {
    // A start that was stopped early has not failed.
    if (end.hasBegun()) return new Promise(() => {});
    await run.stop();
    throw error;
  }
  const addresses = run.addresses();
  if (isChild) await sendToParent({ addresses });
  else {
    const { offerFirstAdmin } = await import('./offer-first-admin.ts');
    const firstAdmin = named.length === 0 && services ? await offerFirstAdmin(services) : undefined;
    announce(addresses, {
      config,
      isKept: !options.memory,
      asOption: options.data !== undefined,
      ...(firstAdmin && { firstAdmin }),
    });
  }
  run.failed.catch((error: unknown) => {
    if (end.hasBegun()) return;
    void reportFailure(error).then(() => end.begin('a failure', 1));
  });
}

interface Start {
  readonly env: NodeJS.ProcessEnv;
  readonly config: Config;
  readonly named: Named;
  readonly options: StartOptions;
  readonly memoryFolder: string | undefined;
  readonly end: GracefulStop;
  /** A child does not log what its parent logs for all processes. */
  readonly isChild: boolean;
}

/** Maximum milliseconds to stop; with the stops that follow, below the usual limit of service managers. */
const STOP_WITHIN_MS = 8_000;

/** The Node options of this process, without the space for young objects: only the command API benefits from it. */
const childNodeFlags = () => process.execArgv.filter((flag) => !flag.includes('semi-space-size'));

/** Returns the services of the roles in this process, if it runs roles with stores. */
async function startInto(run: Layers, start: Start): Promise<Services | undefined> {
  const { env, config, named, options, memoryFolder, end, isChild } = start;
  if (isEventStoreAlone(named)) {
    const { startEventStore } = await import('../roles/event-store.ts');
    run.layer()(await startEventStore(config, options));
    return undefined;
  }
  if (isGatewayAlone(named)) {
    const { createBasicServices } = await import('../basic-services.ts');
    const services = createBasicServices(config, 'gateway');
    run.layer()({ addresses: {}, stop: services.close });
    run.layer()(await roles.gateway(services));
    return undefined;
  }
  // Loads while the event store starts.
  const loading = import('../services.ts');
  const child = (args: readonly string[], more: NodeJS.ProcessEnv = {}) =>
    startChild({
      args: ['start', ...args],
      env: { ...env, ...more, DATA_DIR: config.dataDir },
      nodeFlags: childNodeFlags(),
      onSignal: (signal) => end.begin(signal),
    });
  if (startsEventStore(named, config)) {
    const port = options.port === undefined ? [] : ['--port', String(options.port)];
    const memory = options.memory ? ['--memory'] : [];
    await run.layer()(child(['eventstore', ...port, ...memory])).ready;
  } else if (!isChild)
    void import('./stores/print-access-refusal.ts').then(({ printAccessRefusal }) =>
      printAccessRefusal(config.eventStoreUrl),
    );
  if (memoryFolder !== undefined)
    run.layer()({ addresses: {}, stop: async () => removeMemoryStore(memoryFolder) });
  const [own, ...others] = named.length === 0 ? processes : [named.filter((role) => role !== 'eventstore')];
  const { createServices } = await loading;
  const services = createServices(config, own.join('+'));
  run.layer()({ addresses: {}, stop: services.close, failed: services.failed });
  const add = run.layer();
  const scratch = memoryFolder === undefined ? [] : ['--scratch', memoryFolder];
  // Stops before the other roles, so that they still answer the requests in flight.
  const addInFront = run.layer();
  const running: { readonly name: string; readonly role: RunningRole }[] = [];
  const behind = Promise.all([
    ...others
      .filter((group) => !isGatewayAlone(group))
      .map((group) => add(child([...group, ...scratch])).ready),
    ...own.map(async (role) => {
      const started = add(stoppedInTime(role, await roles[role](services), services.logger(role)));
      running.push({ name: role, role: started });
    }),
  ]);
  const gateways = others.filter(isGatewayAlone).map(async (group) => {
    if (missingApiAddress(config) !== undefined) await behind;
    await addInFront(child(group, apiAddresses(config, run.addresses()))).ready;
  });
  await Promise.all([behind, ...gateways]);
  const { reportRoles } = await import('../roles/report-roles.ts');
  run.layer()(reportRoles(services, running));
  return services;
}

/**
 * Does not wait longer for a role that has not stopped in time: it may wait for a store that was stopped too. Events
 * that it was handling are delivered again.
 */
function stoppedInTime(name: string, role: RunningRole, logger: Logger): RunningRole {
  const stop = async () => {
    const stopping = role.stop();
    if (await settlesWithin(stopping, STOP_WITHIN_MS)) return stopping;
    logger.warn('stopped before its work was finished; the next start continues it', { name });
  };
  return { ...role, stop };
}
