import { isRegistered, type UserState } from '../user/state.ts';
import type { MailEnd } from './events.ts';
import type { SendMail } from './waits.ts';

/**
 * Returns why a mail must not be sent now (ISO 8601), by the current state of the account; undefined when it must. An event of
 * the account may not have been delivered yet.
 */
export function whyUnwanted(
  { kind, requestId, expiresAt }: Pick<SendMail, 'kind' | 'requestId' | 'expiresAt'>,
  user: UserState,
  now: string,
): MailEnd | undefined {
  if (Date.parse(expiresAt) <= Date.parse(now)) return 'expired';
  if (!isRegistered(user) || user.status === 'disabled') return 'account-closed';
  switch (kind) {
    case 'confirm-email':
      return user.signUps.some(({ signUpId }) => signUpId === requestId) ? undefined : 'used';
    case 'reset-password':
      return user.resets.some(({ resetId }) => resetId === requestId) ? undefined : 'used';
    case 'address-known':
    case 'password-changed':
      return undefined;
  }
}
