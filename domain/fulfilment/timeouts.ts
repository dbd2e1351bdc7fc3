import { fractionOf } from '../kernel/hash.ts';
import type { OrderId } from '../kernel/ids.ts';
import type { FulfilmentEvent, WaitKind } from './events.ts';
import type { FulfilmentPolicy } from './policy.ts';
import type { FulfilmentState } from './state.ts';
import { waits } from './waits.ts';

export interface Attempt {
  readonly orderId: OrderId;
  readonly waitingFor: WaitKind;
  /** From 1. */
  readonly attempt: number;
}

/** Returns the event that schedules a timeout, which begins at `now` (ISO 8601). */
export function scheduleTimeout(
  { now, ...attempt }: Attempt & { readonly now: string },
  { timeouts }: FulfilmentState,
  policy: FulfilmentPolicy,
): FulfilmentEvent {
  const dueAt = new Date(Date.parse(now) + timeoutMs(attempt, policy)).toISOString();
  const timeoutId = `${attempt.orderId}-${timeouts + 1}`;
  return { type: 'TimeoutScheduled', data: { ...attempt, timeoutId, dueAt } };
}

/**
 * Returns the next attempt of a wait, or after the wait's limit the first attempt of the wait that replaces it. It counts
 * attempts and reads no clock: a clock that jumps can repeat a call too early or too late, but cannot give a payment up.
 */
export function nextAttempt(attempt: Attempt, policy: FulfilmentPolicy): Attempt {
  const { orderId, waitingFor } = attempt;
  const next = { orderId, waitingFor, attempt: attempt.attempt + 1 };
  const { limit } = waits[waitingFor];
  return limit !== undefined && msBefore(next, policy) >= limit.ms(policy)
    ? { orderId, waitingFor: limit.instead, attempt: 1 }
    : next;
}

/** Returns the maximum timeout of a wait in milliseconds. */
export const maxTimeoutMs = (waitingFor: WaitKind, policy: FulfilmentPolicy): number =>
  waits[waitingFor].backoff(policy).maxMs;

/** Returns the timeout of an attempt in milliseconds; always the same for the same attempt. */
export function timeoutMs(attempt: Attempt, policy: FulfilmentPolicy): number {
  const { limit } = waits[attempt.waitingFor];
  const backedOff = backoffMs(attempt, policy);
  if (limit === undefined) return backedOff;
  return Math.max(0, Math.min(backedOff, limit.ms(policy) - msBefore(attempt, policy)));
}

/** Returns the sum of the timeouts before this attempt in milliseconds. */
function msBefore(attempt: Attempt, policy: FulfilmentPolicy): number {
  let sum = 0;
  for (let earlier = 1; earlier < attempt.attempt; earlier += 1)
    sum += backoffMs({ ...attempt, attempt: earlier }, policy);
  return sum;
}

/** The jitter depends only on the attempt, so that the number of attempts before the limit can be computed. */
function backoffMs({ orderId, waitingFor, attempt }: Attempt, policy: FulfilmentPolicy): number {
  const { firstMs, maxMs } = waits[waitingFor].backoff(policy);
  const whole = Math.min(maxMs, firstMs * 2 ** (attempt - 1));
  return Math.round(whole * (1 - policy.jitter * fractionOf(`${attempt}. ${waitingFor} ${orderId}`)));
}
