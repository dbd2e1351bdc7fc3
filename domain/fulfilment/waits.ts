import { deadlineSet, isLastWaitForPayment } from './deadlines.ts';
import type { FulfilmentEvent } from './events.ts';
import type { FireDeadline, NoteWaitSetAside, ResumeWait } from './inputs.ts';
import { stepsId } from './pending.ts';
import type { FulfilmentPolicy } from './policy.ts';
import { awaited, dueTasks, type FulfilmentState, isWaitSetAside } from './state.ts';

/** A wait that is over is followed by a longer one; a payment that took too long is settled instead. */
export function fire(
  { orderId, now, deadlineId }: FireDeadline,
  state: FulfilmentState,
  policy: FulfilmentPolicy,
): readonly FulfilmentEvent[] {
  const { deadline } = state;
  if (deadline?.deadlineId !== deadlineId) return [];
  const next = isLastWaitForPayment({ ...deadline, orderId }, policy)
    ? ({ waitingFor: 'settlement', attempt: 1 } as const)
    : { waitingFor: deadline.waitingFor, attempt: deadline.attempt + 1 };
  return [deadlineSet({ orderId, now, ...next }, state, policy)];
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
