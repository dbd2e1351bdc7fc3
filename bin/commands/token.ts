import { CustomerId, customerIdRule } from '../../domain/kernel/ids.ts';
import type { Config } from '../../platform/config/config.ts';
import { ConfigError } from '../../platform/config/config-error.ts';
import type { Role } from '../../platform/http/route.ts';
import { signToken } from '../../platform/http/tokens/tokens.ts';

const DAY_SECONDS = 24 * 3600;

/** Returns a token signed with the configured secret, by default valid for a day. */
export const createToken = (
  { secret, tokenIssuer, tokenAudience }: Config,
  sub: string,
  role: Role,
  lifetimeSeconds = DAY_SECONDS,
): string => signToken(secret, { sub, role, lifetimeSeconds, tokenIssuer, tokenAudience });

/** Prints a token. Throws `ConfigError` for a `sub` that the APIs would not accept. */
export function printToken(
  config: Config,
  { sub, role }: { readonly sub: string; readonly role: Role },
): void {
  if (!CustomerId.safeParse(sub).success) throw new ConfigError('--sub', JSON.stringify(sub), customerIdRule);
  process.stdout.write(`${createToken(config, sub, role)}\n`);
}
