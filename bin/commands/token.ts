import { CustomerId, customerIdRule } from '../../domain/kernel/ids.ts';
import { type Config, ConfigError } from '../../platform/config/config.ts';
import type { Role } from '../../platform/http/route.ts';
import { signToken } from '../../platform/http/tokens/tokens.ts';

const DAY_SECONDS = 24 * 3600;

/** Prints a token signed with the configured secret, valid for a day. Throws `ConfigError` for an invalid `sub`. */
export function printToken(
  { secret, tokenIssuer, tokenAudience }: Config,
  { sub, role }: { readonly sub: string; readonly role: Role },
): void {
  if (!CustomerId.safeParse(sub).success) throw new ConfigError('--sub', JSON.stringify(sub), customerIdRule);
  const token = { sub, role, lifetimeSeconds: DAY_SECONDS, tokenIssuer, tokenAudience };
  process.stdout.write(`${signToken(secret, token)}\n`);
}
