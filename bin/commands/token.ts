import type { Config } from '../../platform/config.ts';
import type { Role } from '../../platform/http/route.ts';
import { signToken } from '../../platform/http/tokens.ts';

const DAY_SECONDS = 24 * 3600;

/** Prints a token signed with the configured secret, good for a day. */
export function printToken(
  { secret }: Config,
  { sub, role }: { readonly sub: string; readonly role: Role },
): void {
  process.stdout.write(`${signToken(secret, { sub, role, lifetimeSeconds: DAY_SECONDS })}\n`);
}
