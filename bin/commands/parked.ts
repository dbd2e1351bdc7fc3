import { ApiClient } from '../../cli/api-client.ts';
import { type ParkedAction, parked } from '../../cli/parked/parked.ts';
import { httpUrl } from '../../platform/config/addresses.ts';
import type { Config } from '../../platform/config/config.ts';
import { createToken } from './token.ts';

/** The command creates a token for itself alone. */
const LIFETIME_SECONDS = 600;

/** Runs an operator's action about parked items through the configured command API, and prints the response. */
export async function runParked(
  config: Config,
  action: ParkedAction,
  { json, token }: { readonly json: boolean; readonly token?: string },
): Promise<void> {
  const url = httpUrl(config.host, config.commandPort);
  const own = () => createToken(config, 'command-line', 'operator', LIFETIME_SECONDS);
  const api = new ApiClient('command API', url, token ?? own());
  const text = await parked(action, api, json);
  process.stdout.write(`${text}\n`);
}
