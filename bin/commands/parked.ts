import { type ParkedAction, parked } from '../../cli/parked/parked.ts';
import { httpUrl } from '../../platform/config/addresses.ts';
import type { Config } from '../../platform/config/config.ts';
import { createToken } from './token.ts';

/** Runs an operator's action about parked items through the configured command API, and prints the response. */
export async function runParked(
  config: Config,
  action: ParkedAction,
  { json, token }: { readonly json: boolean; readonly token?: string },
): Promise<void> {
  const text = await parked(action, {
    commandUrl: httpUrl(config.host, config.commandPort),
    token: token ?? createToken(config, 'command-line', 'operator'),
    json,
  });
  process.stdout.write(`${text}\n`);
}
