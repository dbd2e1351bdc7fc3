import type { OrderId } from '../kernel/ids.ts';
import type { FulfilmentEvent } from './events.ts';
import type { FulfilmentPolicy } from './policy.ts';
import type { FulfilmentState } from './state.ts';
import type { Deadline } from './steps.ts';

interface Wait {
  readonly orderId: OrderId;
  readonly waitingFor: Deadline['waitingFor'];
  readonly attempt: number;
  /** ISO 8601. */
  readonly now: string;
}

/** The wait that begins now; those for the payment last, all together, until the payment is given up. */
export function deadlineSet(
  { orderId, waitingFor, attempt, now }: Wait,
  state: FulfilmentState,
  policy: FulfilmentPolicy,
): FulfilmentEvent {
  const dueAt = new Date(Date.parse(now) + waitMs(waitingFor, attempt, policy)).toISOString();
  const deadlineId = `${orderId}-${state.deadlines + 1}`;
  return { type: 'DeadlineSet', data: { orderId, deadlineId, waitingFor, attempt, dueAt } };
}

/**
 * Whether this was the last wait for the payment. Waits are counted, and no clock is asked: one that jumps ends a wait
 * too early or too late, which asks the provider again, but gives no payment up.
 */
export const isLastWaitForPayment = (
  { waitingFor, attempt }: Pick<Deadline, 'waitingFor' | 'attempt'>,
  policy: FulfilmentPolicy,
): boolean => waitingFor === 'payment' && waitedBefore(attempt + 1, policy) >= policy.paymentGiveUpMs;

/** How long a wait of a kind lasts at most, in milliseconds. */
export const longestWaitMs = (
  waitingFor: Deadline['waitingFor'],
  { maxDeadlineMs, maxDispatchMs }: FulfilmentPolicy,
): number => (waitingFor === 'dispatch' ? maxDispatchMs : maxDeadlineMs);

function waitMs(waitingFor: Deadline['waitingFor'], attempt: number, policy: FulfilmentPolicy): number {
  const backedOff = backoff(waitingFor, attempt, policy);
  if (waitingFor !== 'payment') return backedOff;
  return Math.max(0, Math.min(backedOff, policy.paymentGiveUpMs - waitedBefore(attempt, policy)));
}

/** What the waits for the payment before this attempt come to. */
function waitedBefore(attempt: number, policy: FulfilmentPolicy): number {
  let waited = 0;
  for (let earlier = 1; earlier < attempt; earlier += 1) waited += backoff('payment', earlier, policy);
  return waited;
}

function backoff(waitingFor: Deadline['waitingFor'], attempt: number, policy: FulfilmentPolicy): number {
  const first = waitingFor === 'dispatch' ? policy.firstDispatchMs : policy.firstDeadlineMs;
  return Math.min(longestWaitMs(waitingFor, policy), first * 2 ** (attempt - 1));
}
