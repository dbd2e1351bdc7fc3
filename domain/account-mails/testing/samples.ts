import type { UserEvent } from '../../user/events.ts';
import { personal, registered, userId } from '../../user/testing/sample-users.ts';
import type { AccountMailEvent, MailEnd, MailKind, WaitKind } from '../events.ts';
import type { AccountMailsInput } from '../inputs.ts';

/** Returns a time of 1 January 2026, or of another day, with seconds. */
export const on = (time: string, day = 1): string => `2026-01-0${day}T${time}.000Z`;
const ofUser = { userId };

export { registered, userId };
export const resetRequested = (resetId: string, time: string): UserEvent => ({
  type: 'PasswordResetRequested',
  data: {
    ...ofUser,
    resetId,
    requester: 'owner',
    requestedAt: on(time),
    expiresAt: new Date(Date.parse(on(time)) + 600_000).toISOString(),
  },
});
export const signUpRepeated = (signUpId: string): UserEvent => ({
  type: 'SignUpRepeated',
  data: {
    ...ofUser,
    signUpId,
    name: personal('Ann'),
    password: personal('hash-2'),
    repeatedAt: on('12:05:00'),
  },
});
export const emailConfirmed: UserEvent = {
  type: 'EmailConfirmed',
  data: { ...ofUser, signUpId: 's-1', confirmedAt: on('12:10:00') },
};
export const passwordChanged: UserEvent = {
  type: 'PasswordChanged',
  data: { ...ofUser, password: personal('hash-3'), changedAt: on('12:20:00') },
};
export const disabled: UserEvent = { type: 'UserDisabled', data: { ...ofUser, by: 'olga' } };
export const forgotten: UserEvent = {
  type: 'UserForgotten',
  data: { ...ofUser, emailHash: 'a1'.repeat(32), by: userId, at: on('12:30:00') },
};

export const received = (event: UserEvent, time = '12:00:00', day = 1): AccountMailsInput => ({
  type: 'UserEventReceived',
  id: userId,
  now: on(time, day),
  event,
});
export const recordSending = (
  mailId: string,
  outcome: 'sent' | MailEnd = 'sent',
  time = '12:00:01',
): AccountMailsInput => ({ type: 'RecordSending', id: userId, now: on(time), mailId, outcome });
export const recordDiscard = (mailId: string): AccountMailsInput => ({
  type: 'RecordDiscard',
  id: userId,
  now: on('13:00:00'),
  mailId,
});
export const timeoutElapsed = (number: number, time: string, day = 1): AccountMailsInput => ({
  type: 'TimeoutElapsed',
  id: userId,
  now: on(time, day),
  timeoutId: `mails-${userId}-${number}`,
});
export const parkWait = (waitingFor: WaitKind): AccountMailsInput => ({
  type: 'ParkWait',
  id: userId,
  now: on('12:00:30'),
  waitingFor,
  reason: 'a defect',
});
export const resumeWait = (waitingFor: WaitKind): AccountMailsInput => ({
  type: 'ResumeWait',
  id: userId,
  now: on('12:40:00'),
  waitingFor,
});

export const requested = (
  kind: MailKind,
  requestId: string,
  requestedAt: string,
  expiresAt: string,
): AccountMailEvent => ({
  type: 'AccountMailRequested',
  data: { ...ofUser, mailId: `${kind}-${requestId}`, kind, requestId, requestedAt, expiresAt },
});
export const sent = (mailId: string, time = '12:00:01'): AccountMailEvent => ({
  type: 'AccountMailSent',
  data: { ...ofUser, mailId, sentAt: on(time) },
});
export const ended = (mailId: string, end: MailEnd): AccountMailEvent => ({
  type: 'AccountMailEnded',
  data: { ...ofUser, mailId, end },
});
export const discarded = (mailId: string): AccountMailEvent => ({
  type: 'AccountMailDiscarded',
  data: { ...ofUser, mailId },
});
