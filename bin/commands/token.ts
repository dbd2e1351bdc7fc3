import { type Config, ConfigError } from '../../platform/config.ts';
import type { Role } from '../../platform/http/route.ts';
import { signToken, subject } from '../../platform/http/tokens.ts';

const DAY_SECONDS = 24 * 3600;

/** Prints a token signed with the configured secret, good for a day. Throws `ConfigError` for one that no API would take. */
export function printToken(
  { secret }: Config,
  { sub, role }: { readonly sub: string; readonly role: Role },
): void {
  if (!subject.test(sub))
    throw new ConfigError(
      '--sub',
      JSON.stringify(sub),
      '1 to 128 characters, none of them a control character',
    );
  process.stdout.write(`${signToken(secret, { sub, role, lifetimeSeconds: DAY_SECONDS })}\n`);
}
