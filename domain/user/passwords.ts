import { samePersonalData } from '../kernel/personal-data.ts';
import type { ChangePassword, RequestPasswordReset, ResetPassword } from './commands.ts';
import { TokenNotValid, UserIsDisabled } from './errors.ts';
import type { UserEvent } from './events.ts';
import { unexpired } from './lifetimes.ts';
import type { RegisteredUser } from './state.ts';

/**
 * Maximum number of unused links that the owner of an address was mailed. More requests are ignored: each of these links
 * works, so that a flood of requests neither fills the mailbox nor keeps the owner out.
 */
export const MAX_MAILED_RESETS = 5;

/** Returns the event of a request. A request of the owner of a disabled account has no effect, since the mail would tell. */
export function requestReset(command: RequestPasswordReset, user: RegisteredUser): readonly UserEvent[] {
  const { resetId, requester, at, expiresAt } = command;
  const { userId, status, resets } = user;
  if (resets.some((pending) => pending.resetId === resetId)) return [];
  if (requester === 'owner') {
    const mailed = unexpired(resets, at).filter((pending) => pending.requester === 'owner');
    if (status === 'disabled' || mailed.length >= MAX_MAILED_RESETS) return [];
  } else if (status === 'disabled') throw new UserIsDisabled(userId);
  return [
    { type: 'PasswordResetRequested', data: { userId, resetId, requester, requestedAt: at, expiresAt } },
  ];
}

/** Returns the events of a used link, which also confirms the address. Throws `TokenNotValid`. */
export function reset({ resetId, password, at }: ResetPassword, user: RegisteredUser): readonly UserEvent[] {
  const { userId, status, resets } = user;
  const isPending = unexpired(resets, at).some((pending) => pending.resetId === resetId);
  if (status === 'disabled' || !isPending) throw new TokenNotValid();
  const changed = { type: 'PasswordChanged', data: { userId, password, resetId, changedAt: at } } as const;
  return status === 'unconfirmed'
    ? [{ type: 'EmailConfirmed', data: { userId, confirmedAt: at } }, changed]
    : [changed];
}

/** Returns the event of a new password. Throws `UserIsDisabled`. */
export function change(
  { password, keptSession, at }: ChangePassword,
  user: RegisteredUser,
): readonly UserEvent[] {
  const { userId, status } = user;
  if (status !== 'active') throw new UserIsDisabled(userId);
  if (samePersonalData(password, user.password)) return [];
  const kept = keptSession === undefined ? {} : { keptSession };
  return [{ type: 'PasswordChanged', data: { userId, password, ...kept, changedAt: at } }];
}
