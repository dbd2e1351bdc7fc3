import type { CustomerId } from '../kernel/ids.ts';
import type { WaitKind } from './events.ts';
import { type AccountMail, type AccountMailsState, isOpen } from './state.ts';

interface CallAboutMail {
  readonly userId: CustomerId;
  /** Id of the mail. */
  readonly subject: string;
}
export interface SendMail extends CallAboutMail, Pick<AccountMail, 'kind' | 'requestId' | 'expiresAt'> {
  readonly type: 'SendMail';
  /** No further attempt follows: the wait is parked instead. */
  readonly isLast: boolean;
}
export interface DiscardMail extends CallAboutMail {
  readonly type: 'DiscardMail';
}
/** A call about one mail. It is repeated until its result is recorded. */
export type MailCall = SendMail | DiscardMail;

interface Wait {
  /** Returns the mails that wait for this. */
  readonly mails: (state: AccountMailsState) => readonly AccountMail[];
  /** Undefined when only time must pass. */
  readonly call?: (mail: AccountMail, userId: CustomerId, attempt: number) => MailCall;
  /** Milliseconds of the first timeout, which doubles with each attempt up to the maximum. */
  readonly firstMs: number;
  readonly maxMs: number;
}

/** After this many attempts, three hours, the mails of the account are parked. */
export const MAX_SENDING_ATTEMPTS = 15;
const WEEK_MS = 7 * 24 * 3_600_000;

/** What the mails of an account can wait for, the most urgent first: one timeout covers all of them. */
export const waits: Readonly<Record<WaitKind, Wait>> = {
  /** The file of a mail that is no longer needed is deleted: it may hold a link, and the address of a forgotten person. */
  discarding: {
    mails: ({ mails }) => mails.filter(({ status }) => status === 'ended'),
    call: ({ mailId: subject }, userId) => ({ type: 'DiscardMail', userId, subject }),
    firstMs: 10_000,
    maxMs: 3_600_000,
  },
  /** The first timeout is longer than a call: no mail is sent again while its first attempt still runs. */
  sending: {
    mails: ({ mails }) => mails.filter(({ status }) => status === 'pending'),
    call: ({ mailId: subject, kind, requestId, expiresAt }, userId, attempt) => {
      const isLast = attempt >= MAX_SENDING_ATTEMPTS;
      return { type: 'SendMail', userId, subject, kind, requestId, expiresAt, isLast };
    },
    firstMs: 60_000,
    maxMs: 900_000,
  },
  /** The link of a mail expires. */
  expiry: { mails: ({ mails }) => mails.filter(isOpen), firstMs: WEEK_MS, maxMs: WEEK_MS },
};

const kinds = Object.keys(waits) as readonly WaitKind[];

/** Returns the calls of all mails that wait, for an attempt. */
export function callsOf(state: AccountMailsState, attempt: number): readonly MailCall[] {
  const { userId } = state;
  if (userId === undefined) return [];
  return activeWaits(state).flatMap((kind) => {
    const { mails, call } = waits[kind];
    return call === undefined ? [] : mails(state).map((mail) => call(mail, userId, attempt));
  });
}

/** Returns what the account waits for now, the most urgent first. */
export const activeWaits = (state: AccountMailsState): readonly WaitKind[] =>
  kinds.filter((kind) => waits[kind].mails(state).length > 0 && !state.parked.includes(kind));

/** Returns the waits that an operator has to replay. */
export const parkedWaits = (state: AccountMailsState): readonly WaitKind[] =>
  state.parked.filter((kind) => waits[kind].mails(state).length > 0);

/** Returns the waits that were parked before and are not now. */
export const endedWaits = (state: AccountMailsState): readonly WaitKind[] =>
  state.everParked.filter((kind) => !parkedWaits(state).includes(kind));
