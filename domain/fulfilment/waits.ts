import { deadlineSet, isLastWaitForPayment } from './deadlines.ts';
import type { FulfilmentEvent } from './events.ts';
import type { FireDeadline, NoteAttemptEnded, NoteWaitSetAside, ResumeWait } from './inputs.ts';
import { stepsId } from './pending.ts';
import type { FulfilmentPolicy } from './policy.ts';
import { awaited, dueTasks, type FulfilmentState, isWaitSetAside } from './state.ts';

/** The end of an attempt is noted once so many are not known to have ended: most waits have no more attempts than that. */
export const NOTED_FROM = 3;
/**
 * Six attempts without a recorded end: the process probably crashed each time, so the wait is parked instead of a further
 * attempt. A wait without any recorded end may come from an older version, which recorded none: its attempts are counted
 * from zero once.
 */
export const MOST_UNENDED = 6;

/** Records the end of an attempt, once several attempts have no recorded end. */
export const endAttempt = (
  { orderId }: NoteAttemptEnded,
  { unended }: FulfilmentState,
): readonly FulfilmentEvent[] => (unended < NOTED_FROM ? [] : [{ type: 'AttemptEnded', data: { orderId } }]);

/** A wait that is over is followed by a longer one; a payment that took too long is settled instead. */
export function fire(
  { orderId, now, deadlineId }: FireDeadline,
  state: FulfilmentState,
  policy: FulfilmentPolicy,
): readonly FulfilmentEvent[] {
  const { deadline } = state;
  if (deadline?.deadlineId !== deadlineId) return [];
  if (state.unended >= MOST_UNENDED && state.areEndsNoted) return [];
  const next = isLastWaitForPayment({ ...deadline, orderId }, policy)
    ? ({ waitingFor: 'settlement', attempt: 1 } as const)
    : { waitingFor: deadline.waitingFor, attempt: deadline.attempt + 1 };
  const set = deadlineSet({ orderId, now, ...next }, state, policy);
  return state.unended < MOST_UNENDED ? [set] : [{ type: 'AttemptEnded', data: { orderId } }, set];
}

/** Only the wait that it is about: another may have taken its place. */
export function setAside(
  { orderId, waitingFor, reason }: NoteWaitSetAside,
  { deadline }: FulfilmentState,
): readonly FulfilmentEvent[] {
  if (deadline?.waitingFor !== waitingFor) return [];
  return [{ type: 'WaitSetAside', data: { orderId, waitingFor, reason } }];
}

/** Once all steps that came up meanwhile have been answered. */
export function resume(
  { orderId, now, stepsId: answered }: ResumeWait,
  state: FulfilmentState,
  policy: FulfilmentPolicy,
): readonly FulfilmentEvent[] {
  const [waitingFor] = awaited(state);
  if (waitingFor === undefined || !isWaitSetAside(state) || stepsId(dueTasks(state)) !== answered) return [];
  return [deadlineSet({ orderId, now, waitingFor, attempt: 1 }, state, policy)];
}
