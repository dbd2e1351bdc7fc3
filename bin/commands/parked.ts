import { type ParkedAction, parked } from '../../cli/parked/parked.ts';
import { httpUrl } from '../../platform/config/addresses.ts';
import type { Config } from '../../platform/config/config.ts';
import { signToken } from '../../platform/http/tokens/tokens.ts';

export interface ParkedCommand {
  readonly json: boolean;
  readonly token?: string;
}

const TOKEN_SECONDS = 10 * 60;

/** Runs an operator's action about parked items through the configured command API, and prints the response. */
export async function runParked(config: Config, action: ParkedAction, options: ParkedCommand): Promise<void> {
  const { host, commandPort, secret, tokenIssuer, tokenAudience } = config;
  const names = { tokenIssuer, tokenAudience };
  const own = { sub: 'command-line', role: 'operator', lifetimeSeconds: TOKEN_SECONDS, ...names } as const;
  const text = await parked(action, {
    commandUrl: httpUrl(host, commandPort),
    token: options.token ?? signToken(secret, own),
    json: options.json,
  });
  process.stdout.write(`${text}\n`);
}
