import type { CustomerId } from '../kernel/ids.ts';
import type { Timeout } from '../kernel/workflow.ts';
import type { MailKind, WaitKind } from './events.ts';

/** A mail to the holder of an account. */
export interface AccountMail {
  readonly mailId: string;
  readonly kind: MailKind;
  /** Absent for a notice, which has no link. */
  readonly requestId?: string | undefined;
  readonly expiresAt: string;
  /** `pending`: to be sent. `sent`: its link can be used. `ended`: its file is to be deleted. `done`: only its id matters. */
  readonly status: 'pending' | 'sent' | 'ended' | 'done';
}

/** All mails of one account, in the order of their requests. */
export interface AccountMailsState {
  /** Absent before the first mail. */
  readonly userId?: CustomerId | undefined;
  readonly mails: readonly AccountMail[];
  readonly timeout: Timeout | undefined;
  /** Number of scheduled timeouts. */
  readonly timeouts: number;
  readonly parked: readonly WaitKind[];
  /** Waits that were parked before. */
  readonly everParked: readonly WaitKind[];
}

export const initialAccountMails: AccountMailsState = {
  mails: [],
  timeout: undefined,
  timeouts: 0,
  parked: [],
  everParked: [],
};

/** Returns whether the mail is to be sent, or its link can be used. */
export const isOpen = ({ status }: AccountMail): boolean => status === 'pending' || status === 'sent';
