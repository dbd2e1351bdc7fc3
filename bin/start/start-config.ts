import { join } from 'node:path';
import {
  type Config,
  type ConfigWithoutSecrets,
  defaultKeyStore,
  defaultReadStore,
  readConfig,
} from '../../platform/config/config.ts';
import { ConfigError } from '../../platform/config/config-error.ts';
import { redactUrl } from '../../platform/config/redact-url.ts';
import type { Role } from '../roles/roles.ts';
import { missingApiAddress } from './api-addresses.ts';
import { embeddedPortOf, unreachableEmbedded } from './stores/embedded-port.ts';
import { eventStoreFolder } from './stores/event-store-folder.ts';
import { createMemoryStore } from './stores/memory-store.ts';

export interface StartOptions {
  /** Port of the embedded node; default: that of `EVENTSTORE_URL`. */
  readonly port?: number;
  /** Replaces `DATA_DIR`. */
  readonly data?: string;
  /** Keeps events and read models in memory only. */
  readonly memory?: boolean;
}

export type Named = readonly ('eventstore' | Role)[];

export const isEventStoreAlone = (named: Named): boolean => named.length === 1 && named[0] === 'eventstore';

export const isGatewayAlone = (named: Named): boolean => named.length === 1 && named[0] === 'gateway';

/** Whether this start runs the embedded event store. */
export const startsEventStore = (named: Named, { eventStoreUrl }: Pick<Config, 'eventStoreUrl'>): boolean =>
  named.includes('eventstore') || (named.length === 0 && embeddedPortOf(eventStoreUrl) !== undefined);

/** Reads the configuration of a start. Throws `ConfigError` or `ConfigErrors`, also for bad options. */
export const configOf = (env: NodeJS.ProcessEnv, named: Named, options: StartOptions): Config =>
  readConfig(
    { ...env, ...(options.data !== undefined && { DATA_DIR: options.data }) },
    {
      needs: isEventStoreAlone(named) ? [] : ['jwtSecret', 'masterKey'],
      check: (config) => badOptions(config, named, options),
      createdPaths: (config) => foldersOf(config, named, options),
    },
  );

/** The folders in `DATA_DIR` that this start uses. */
function foldersOf(config: ConfigWithoutSecrets, named: Named, { memory = false }: StartOptions): string[] {
  const { dataDir, readStoreUrl, keyStoreUrl } = config;
  const folders: string[] = [];
  if (startsEventStore(named, config) && !memory) folders.push(eventStoreFolder(dataDir));
  if (isEventStoreAlone(named) || isGatewayAlone(named)) return folders;
  if (memory) folders.push(createMemoryStore(config));
  else {
    if (readStoreUrl === defaultReadStore(dataDir)) folders.push(join(dataDir, 'read-store'));
    if (keyStoreUrl === defaultKeyStore(dataDir)) folders.push(join(dataDir, 'key-store'));
  }
  return folders;
}

/** Returns an error for each option or setting that does not fit the roles of this start. */
function badOptions(config: ConfigWithoutSecrets, named: Named, options: StartOptions): ConfigError[] {
  const { eventStoreUrl, readStoreUrl, keyStoreUrl, dataDir } = config;
  if (isEventStoreAlone(named)) return [];
  const unknown = named.includes('gateway') ? missingApiAddress(config) : undefined;
  if (unknown !== undefined) return [unknown];
  if (!startsEventStore(named, config))
    return Object.entries(options)
      .filter(([, value]) => value !== undefined && value !== false)
      .map(
        ([name, value]) =>
          new ConfigError(`--${name}`, String(value), 'only when the embedded event store is started'),
      );
  const { port, memory = false } = options;
  const errors = unreachableEmbedded(eventStoreUrl);
  if (port !== undefined && port !== embeddedPortOf(eventStoreUrl)) {
    const allowed = `the port of EVENTSTORE_URL, which is ${redactUrl(eventStoreUrl)}`;
    errors.push(new ConfigError('--port', String(port), allowed));
  }
  if (memory && readStoreUrl !== defaultReadStore(dataDir)) {
    const allowed = 'no value with --memory, which does not keep the events of the read models';
    errors.push(new ConfigError('READ_STORE_URL', JSON.stringify(redactUrl(readStoreUrl)), allowed));
  }
  if (memory && keyStoreUrl !== defaultKeyStore(dataDir)) {
    const allowed = 'no value with --memory, which does not keep the events that the keys encrypt';
    errors.push(new ConfigError('KEY_STORE_URL', JSON.stringify(redactUrl(keyStoreUrl)), allowed));
  }
  return errors;
}
