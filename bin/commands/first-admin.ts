import { randomUUID } from 'node:crypto';
import { adminsList } from '../../command-handling/aggregates.ts';
import type { CommandContext } from '../../command-handling/command-handler.ts';
import { readState } from '../../command-handling/state/read-state.ts';
import { hasAdmins } from '../../domain/admins/decider.ts';
import { FIRST_ADMIN_LIFETIME_MS } from '../../domain/user/lifetimes.ts';
import type { RegistrationServices } from '../../write-side/accounts/account-services.ts';
import { changeAccount } from '../../write-side/accounts/change-account.ts';
import { registerAccount } from '../../write-side/accounts/register-account.ts';
import { createResetLink, type ResetLink } from '../../write-side/accounts/reset-link.ts';

/** The first admin of a shop whose operator has named none. */
export const DEFAULT_ADMIN = 'admin@localhost';

/**
 * Makes the account of a normalized address an admin, creates it if it does not exist, and returns a link that sets its
 * password, once, within 24 hours. May be repeated: each link works until one was used.
 */
export async function createAdmin(services: RegistrationServices, email: string): Promise<ResetLink> {
  const { clock } = services;
  const [name = email] = email.split('@');
  const { userId, state } = await registerAccount(services, { email, name }, contextOf, async (claimed) => ({
    type: 'InviteAdmin',
    ...claimed,
    at: clock().toISOString(),
  }));
  const context = contextOf(userId);
  if (state.status !== 'unregistered' && state.status !== 'forgotten' && state.role !== 'admin')
    await changeAccount(
      services,
      userId,
      { type: 'ChangeRole', role: 'admin', by: 'orderstream' },
      { context },
    );
  const options = { requester: 'command-line', lifetimeMs: FIRST_ADMIN_LIFETIME_MS } as const;
  return createResetLink(services, userId, options, contextOf(userId));
}

/** Returns a link for the first admin; undefined when an account was ever an enabled admin. */
export async function linkForFirstAdmin(services: RegistrationServices): Promise<ResetLink | undefined> {
  const { state } = await readState(services.store, adminsList);
  return hasAdmins(state) ? undefined : createAdmin(services, DEFAULT_ADMIN);
}

function contextOf(userId: string): CommandContext {
  const commandId = randomUUID();
  const actor = { sub: 'orderstream', role: 'system' } as const;
  return { commandId, correlationId: userId, causationId: commandId, actor };
}
