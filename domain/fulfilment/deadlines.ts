import { fractionOf } from '../kernel/hash.ts';
import type { OrderId } from '../kernel/ids.ts';
import type { FulfilmentEvent } from './events.ts';
import type { FulfilmentPolicy } from './policy.ts';
import type { FulfilmentState } from './state.ts';
import type { Deadline } from './steps.ts';

export interface Wait {
  readonly orderId: OrderId;
  readonly waitingFor: Deadline['waitingFor'];
  readonly attempt: number;
}

/** The wait that begins now (ISO 8601); those for the payment last, all together, until the payment is given up. */
export function deadlineSet(
  { now, ...wait }: Wait & { readonly now: string },
  state: FulfilmentState,
  policy: FulfilmentPolicy,
): FulfilmentEvent {
  const dueAt = new Date(Date.parse(now) + waitMs(wait, policy)).toISOString();
  const deadlineId = `${wait.orderId}-${state.deadlines + 1}`;
  return { type: 'DeadlineSet', data: { ...wait, deadlineId, dueAt } };
}

/**
 * Whether this was the last wait for the payment. Waits are counted, and no clock is asked: one that jumps ends a wait
 * too early or too late, which asks the provider again, but gives no payment up.
 */
export const isLastWaitForPayment = (wait: Wait, policy: FulfilmentPolicy): boolean =>
  wait.waitingFor === 'payment' &&
  waitedBefore({ ...wait, attempt: wait.attempt + 1 }, policy) >= policy.paymentGiveUpMs;

/** How long a wait of a kind lasts at most, in milliseconds. */
export const longestWaitMs = (
  waitingFor: Deadline['waitingFor'],
  { maxDeadlineMs, maxDispatchMs }: FulfilmentPolicy,
): number => (waitingFor === 'dispatch' ? maxDispatchMs : maxDeadlineMs);

/** Returns the length of a wait in milliseconds; always the same for the same wait. */
export function waitMs(wait: Wait, policy: FulfilmentPolicy): number {
  const backedOff = backoff(wait, policy);
  if (wait.waitingFor !== 'payment') return backedOff;
  return Math.max(0, Math.min(backedOff, policy.paymentGiveUpMs - waitedBefore(wait, policy)));
}

/** What the waits of its kind before this one come to. */
function waitedBefore(wait: Wait, policy: FulfilmentPolicy): number {
  let waited = 0;
  for (let attempt = 1; attempt < wait.attempt; attempt += 1) waited += backoff({ ...wait, attempt }, policy);
  return waited;
}

/** Shortened by chance, and always by the same: how often a payment is asked for can be told from the waits alone. */
function backoff({ orderId, waitingFor, attempt }: Wait, policy: FulfilmentPolicy): number {
  const first = waitingFor === 'dispatch' ? policy.firstDispatchMs : policy.firstDeadlineMs;
  const longest = Math.min(longestWaitMs(waitingFor, policy), first * 2 ** (attempt - 1));
  return Math.round(longest * (1 - policy.jitter * fractionOf(`${attempt}. ${waitingFor} ${orderId}`)));
}
