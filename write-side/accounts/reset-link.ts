import { randomUUID } from 'node:crypto';
import type { CommandContext } from '../../command-handling/command-handler.ts';
import type { CustomerId } from '../../domain/kernel/ids.ts';
import { after } from '../../domain/user/lifetimes.ts';
import { oneTimeToken } from '../../platform/one-time-tokens.ts';
import type { RegistrationServices } from './account-services.ts';
import { changeAccount } from './change-account.ts';

/** A link that sets a password, once. */
export interface ResetLink {
  readonly link: string;
  /** ISO 8601. */
  readonly expiresAt: string;
}

/** Creates a link for a person whom an admin helps. Only the owner learns the password (ASVS 5.0, 6.4.6). */
export async function createResetLink(
  services: RegistrationServices,
  userId: CustomerId,
  { requester, lifetimeMs }: { readonly requester: 'admin' | 'command-line'; readonly lifetimeMs: number },
  context: CommandContext,
): Promise<ResetLink> {
  const { clock, accounts } = services;
  const resetId = randomUUID();
  const at = clock().toISOString();
  const expiresAt = after(at, lifetimeMs);
  const command = { type: 'RequestPasswordReset', resetId, requester, at, expiresAt } as const;
  await changeAccount(services, userId, command, { context });
  const tokenKey = await accounts.keys.secret('tokenKey');
  const token = oneTimeToken(tokenKey, { purpose: 'set-password', userId, requestId: resetId });
  return { link: `${accounts.publicUrl}/set-password#token=${token}`, expiresAt };
}
