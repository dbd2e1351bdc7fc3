import { z } from 'zod';
import { defineEvent, type EventOf } from '../kernel/event.ts';
import { CustomerId } from '../kernel/ids.ts';
import { Instant, Reason } from '../kernel/values.ts';

const ofUser = { userId: CustomerId };
const ofMail = { ...ofUser, mailId: z.string().min(1) };

/** What a mail to the holder of an account is about; `texts.ts` of the process manager has their words. */
export const MailKind = z.enum(['confirm-email', 'reset-password', 'address-known', 'password-changed']);
export type MailKind = z.output<typeof MailKind>;

/** What the mails of an account can wait for; `waits.ts` has the rules of each kind. */
export const WaitKind = z.enum(['discarding', 'sending', 'expiry']);
export type WaitKind = z.output<typeof WaitKind>;

/** Why a mail is over: its recipient no longer needs it. */
export const MailEnd = z.enum([
  /** The link was used, or another link of the account was. */
  'used',
  'expired',
  /** The account was disabled or forgotten. */
  'account-closed',
  /** The mail server will never accept it. */
  'rejected',
]);
export type MailEnd = z.output<typeof MailEnd>;

/** `requestId` is part of the token in the mailed link; notices have no link. */
export const AccountMailRequested = defineEvent('AccountMailRequested', 1, {
  ...ofMail,
  kind: MailKind,
  requestId: z.string().min(1).optional(),
  requestedAt: Instant,
  expiresAt: Instant,
});
export const AccountMailSent = defineEvent('AccountMailSent', 1, { ...ofMail, sentAt: Instant });
/** The mail is not sent any more, and its file in the outbox is to be deleted. */
export const AccountMailEnded = defineEvent('AccountMailEnded', 1, {
  ...ofMail,
  end: MailEnd,
  detail: Reason.optional(),
});
/** The outbox has no file of the mail any more. */
export const AccountMailDiscarded = defineEvent('AccountMailDiscarded', 1, ofMail);
/** Any later event of the stream ends the timeout. */
export const AccountMailTimeoutScheduled = defineEvent('AccountMailTimeoutScheduled', 1, {
  ...ofUser,
  timeoutId: z.string().min(1),
  waitingFor: WaitKind,
  attempt: z.int().min(1),
  dueAt: Instant,
});
/** The wait makes no calls until an operator replays it, or another mail is requested. */
export const AccountMailWaitParked = defineEvent('AccountMailWaitParked', 1, {
  ...ofUser,
  waitingFor: WaitKind,
  reason: Reason,
});
export const AccountMailWaitResumed = defineEvent('AccountMailWaitResumed', 1, {
  ...ofUser,
  waitingFor: WaitKind,
});

export const accountMailEvents = [
  AccountMailRequested,
  AccountMailSent,
  AccountMailEnded,
  AccountMailDiscarded,
  AccountMailTimeoutScheduled,
  AccountMailWaitParked,
  AccountMailWaitResumed,
] as const;
export type AccountMailEvent = EventOf<(typeof accountMailEvents)[number]>;
