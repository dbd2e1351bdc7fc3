import { fractionOf } from '../kernel/hash.ts';
import type { CustomerId } from '../kernel/ids.ts';
import type { AccountMailEvent, WaitKind } from './events.ts';
import { type AccountMailsState, isOpen } from './state.ts';
import { waits } from './waits.ts';

export interface Attempt {
  readonly userId: string;
  readonly waitingFor: WaitKind;
  /** From 1. */
  readonly attempt: number;
}

/** Maximum share by which a timeout is shortened, so that mails that failed together are not repeated together. */
const JITTER = 0.2;

/** Returns the timeout of an attempt in milliseconds; always the same for the same attempt. */
export function timeoutMs({ userId, waitingFor, attempt }: Attempt): number {
  const { firstMs, maxMs } = waits[waitingFor];
  const whole = Math.min(maxMs, firstMs * 2 ** (attempt - 1));
  return Math.round(whole * (1 - JITTER * fractionOf(`${attempt}. ${waitingFor} ${userId}`)));
}

/** Returns the event that schedules a timeout, which begins at `now` (ISO 8601) and ends no later than the next expiry of a mail. */
export function scheduleTimeout(
  attempt: Attempt & { readonly userId: CustomerId; readonly now: string },
  { mails, timeouts }: AccountMailsState,
): AccountMailEvent {
  const { now, ...data } = attempt;
  const backedOff = Date.parse(now) + timeoutMs(attempt);
  const expiries = mails.filter(isOpen).map(({ expiresAt }) => Date.parse(expiresAt));
  const dueAt = new Date(Math.min(backedOff, ...expiries)).toISOString();
  const timeoutId = `mails-${data.userId}-${timeouts + 1}`;
  return { type: 'AccountMailTimeoutScheduled', data: { ...data, timeoutId, dueAt } };
}
