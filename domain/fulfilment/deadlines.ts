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

/** The wait that begins now; a wait for the payment ends at the latest when the payment is given up. */
export function deadlineSet(
  { orderId, waitingFor, attempt, now }: Wait,
  state: FulfilmentState,
  policy: FulfilmentPolicy,
): FulfilmentEvent {
  const from = Date.parse(now);
  const backedOff = from + backoff(waitingFor, attempt, policy);
  const due =
    waitingFor === 'payment' ? Math.min(backedOff, giveUpAt(state, policy) ?? backedOff) : backedOff;
  const deadlineId = `${orderId}-${state.deadlines + 1}`;
  const dueAt = new Date(Math.max(from, due)).toISOString();
  return { type: 'DeadlineSet', data: { orderId, deadlineId, waitingFor, attempt, dueAt } };
}

export function isPaymentOverdue(now: string, state: FulfilmentState, policy: FulfilmentPolicy): boolean {
  const latest = giveUpAt(state, policy);
  return latest !== undefined && Date.parse(now) >= latest;
}

/** Milliseconds since 1970; undefined before the first wait for the payment. */
const giveUpAt = ({ firstPaymentDueAt }: FulfilmentState, policy: FulfilmentPolicy): number | undefined =>
  firstPaymentDueAt === undefined
    ? undefined
    : Date.parse(firstPaymentDueAt) - policy.firstDeadlineMs + policy.paymentGiveUpMs;

function backoff(
  waitingFor: Deadline['waitingFor'],
  attempt: number,
  { firstDeadlineMs, maxDeadlineMs, firstDispatchMs, maxDispatchMs }: FulfilmentPolicy,
): number {
  const [first, max] =
    waitingFor === 'dispatch' ? [firstDispatchMs, maxDispatchMs] : [firstDeadlineMs, maxDeadlineMs];
  return Math.min(max, first * 2 ** (attempt - 1));
}
