import type { Config } from '../../platform/config/config.ts';
import { ConfigError } from '../../platform/config/config-error.ts';

type Urls = Pick<Config, 'commandUrl' | 'queryUrl'>;

/** The APIs as the gateway knows them: the setting of the address, that of the port, and the announced name. */
const apis = [
  { url: 'commandUrl', setting: 'COMMAND_URL', port: 'COMMAND_PORT', announced: 'command API' },
  { url: 'queryUrl', setting: 'QUERY_URL', port: 'QUERY_PORT', announced: 'query API' },
] as const;

/** A free port is known only to the process that listens on it. */
const isUnknown = (url: URL) => url.port === '0';

/** Returns the error of the first API whose address is unknown before it runs. */
export function missingApiAddress(config: Urls): ConfigError | undefined {
  const api = apis.find(({ url }) => isUnknown(config[url]));
  return api && new ConfigError(api.setting, 'absent', `the address of the API, since ${api.port} is 0`);
}

/** Returns the settings that tell a gateway of the same start the addresses that it cannot know. */
export const apiAddresses = (
  config: Urls,
  announced: Readonly<Record<string, string>>,
): Record<string, string | undefined> =>
  Object.fromEntries(
    apis.filter(({ url }) => isUnknown(config[url])).map((api) => [api.setting, announced[api.announced]]),
  );
