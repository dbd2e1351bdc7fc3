import type { UserEvent } from '../user/events.ts';
import { after, CONFIRMATION_LIFETIME_MS } from '../user/lifetimes.ts';
import type { MailEnd } from './events.ts';
import type { AccountMail } from './state.ts';

/** A notice that could not be sent in a week is of no use. */
export const NOTICE_LIFETIME_MS = 7 * 24 * 3_600_000;

/** A mail that an event asks for. */
export interface MailRequest extends Omit<AccountMail, 'status'> {
  readonly requestedAt: string;
}

/** Returns the mail that an event of an account asks for; undefined for most. The same event always asks for the same mail. */
export function requestedMail({ type, data }: UserEvent): MailRequest | undefined {
  switch (type) {
    case 'UserRegistered':
      return data.confirmation === 'by-mail' ? confirmation(data.signUpId, data.registeredAt) : undefined;
    case 'SignUpRepeated':
      return confirmation(data.signUpId, data.repeatedAt);
    case 'PasswordResetRequested': {
      const { resetId: requestId, requestedAt, expiresAt, requester } = data;
      // The others see the link themselves.
      if (requester !== 'owner') return undefined;
      return {
        mailId: idOf('reset-password', requestId),
        kind: 'reset-password',
        requestId,
        requestedAt,
        expiresAt,
      };
    }
    case 'KnownAddressSignedUp':
      return notice('address-known', data.userId, data.attemptedAt);
    case 'PasswordChanged':
      return notice('password-changed', data.userId, data.changedAt);
    default:
      return undefined;
  }
}

const confirmation = (requestId: string, requestedAt: string): MailRequest => ({
  mailId: idOf('confirm-email', requestId),
  kind: 'confirm-email',
  requestId,
  requestedAt,
  expiresAt: after(requestedAt, CONFIRMATION_LIFETIME_MS),
});

const notice = (
  kind: 'address-known' | 'password-changed',
  userId: string,
  requestedAt: string,
): MailRequest => ({
  mailId: idOf(kind, `${userId}-${requestedAt.replace(/\D/g, '')}`),
  kind,
  requestedAt,
  expiresAt: after(requestedAt, NOTICE_LIFETIME_MS),
});

const idOf = (kind: AccountMail['kind'], request: string): string => `${kind}-${request}`;

/** Returns why an event of the account ends a mail; undefined when it does not. */
export function endOf({ kind }: AccountMail, { type }: UserEvent): MailEnd | undefined {
  switch (type) {
    // One confirmation makes the links of all other sign-ups void, and one new password those of all other resets.
    case 'EmailConfirmed':
      return kind === 'confirm-email' ? 'used' : undefined;
    case 'PasswordChanged':
      return kind === 'reset-password' ? 'used' : undefined;
    case 'UserDisabled':
    case 'UserForgotten':
      return 'account-closed';
    default:
      return undefined;
  }
}
