import type { Decider } from '../kernel/decider.ts';
import { deadlineSet } from './deadlines.ts';
import type { FulfilmentEvent } from './events.ts';
import { evolve, tasksAnswered } from './evolve.ts';
import { factsOf } from './facts.ts';
import type { FulfilmentInput, NoteStepsAnswered, StockAnswer } from './inputs.ts';
import { stepsId } from './pending.ts';
import type { FulfilmentPolicy } from './policy.ts';
import {
  awaited,
  dueTasks,
  type FulfilmentState,
  initialFulfilment,
  isLeftWaiting,
  isMoneyToGiveBack,
  isWaitSetAside,
  refundReason,
} from './state.ts';
import { fire, resume, setAside } from './waits.ts';

export type FulfilmentDecider = Decider<FulfilmentState, FulfilmentInput, FulfilmentEvent>;

/**
 * The process manager of one order. Deciding is noting: what was learned becomes events, and with them what follows
 * at once (money owed back, a wait, the end). Nothing is ever refused; what is known or comes too late is no event.
 * What is to be sent is not decided here: `pending(state)` tells it.
 */
export const fulfilment = (policy: FulfilmentPolicy): FulfilmentDecider => ({
  decide: (input, state) => decide(input, state, policy),
  evolve,
  initialState: initialFulfilment,
});

function decide(
  input: FulfilmentInput,
  state: FulfilmentState,
  policy: FulfilmentPolicy,
): readonly FulfilmentEvent[] {
  if (input.type === 'LookAtFulfilment') return [];
  const events = noted(input, state, policy);
  return events.length === 0 && isLeftWaiting(state) ? consequences(input, state, policy) : events;
}

function noted(
  input: Exclude<FulfilmentInput, { type: 'LookAtFulfilment' }>,
  state: FulfilmentState,
  policy: FulfilmentPolicy,
): readonly FulfilmentEvent[] {
  switch (input.type) {
    case 'NoteStepsAnswered':
      return stepsId(dueTasks(state)) === input.stepsId ? answered(input, state, policy) : [];
    case 'FireDeadline':
      return fire(input, state, policy);
    case 'NoteWaitSetAside':
      return setAside(input, state);
    case 'ResumeWait':
      return resume(input, state, policy);
    default: {
      const facts = factsOf(input, state);
      return facts.length === 0 ? [] : withConsequences(facts, input, state, policy);
    }
  }
}

function answered(
  input: NoteStepsAnswered,
  state: FulfilmentState,
  policy: FulfilmentPolicy,
): readonly FulfilmentEvent[] {
  const [task] = dueTasks(state);
  if (task === undefined || state.order === undefined) return [];
  if (task.name !== 'reserve') return consequences(input, tasksAnswered(state), policy);

  const { orderId } = input;
  const answers = new Map(input.stock.map((answer) => [answer.productId, answer]));
  if (!state.order.lines.every(({ productId }) => answers.has(productId))) return [];
  const short = shortages(input.stock);
  const fact: FulfilmentEvent =
    short.length === 0
      ? { type: 'StockAllocated', data: { orderId } }
      : { type: 'StockShort', data: { orderId, short } };
  return withConsequences([fact], input, state, policy);
}

const shortages = (stock: readonly StockAnswer[]) =>
  stock.flatMap((answer) => {
    if (answer.held) return [];
    const { productId, requested, available } = answer;
    return [{ productId, requested, available }];
  });

function withConsequences(
  facts: readonly FulfilmentEvent[],
  input: FulfilmentInput,
  state: FulfilmentState,
  policy: FulfilmentPolicy,
): readonly FulfilmentEvent[] {
  return [...facts, ...consequences(input, facts.reduce(evolve, state), policy)];
}

/** Money to give back is owed at once; then, when nothing is left to be sent, somebody is waited for or all is done. */
function consequences(
  input: FulfilmentInput,
  state: FulfilmentState,
  policy: FulfilmentPolicy,
): readonly FulfilmentEvent[] {
  const { orderId, now } = input;
  if (isMoneyToGiveBack(state)) {
    const owed: FulfilmentEvent = { type: 'RefundOwed', data: { orderId, reason: refundReason(state) } };
    return withConsequences([owed], input, state, policy);
  }
  if (state.order === undefined || state.deadline !== undefined || dueTasks(state).length > 0) return [];
  const [waitingFor] = awaited(state);
  if (isWaitSetAside(state)) return [];
  if (waitingFor !== undefined) return [deadlineSet({ orderId, now, waitingFor, attempt: 1 }, state, policy)];
  // An order whose money is still owed is not done, though nobody but an operator can bring it on.
  if (state.refund.status === 'set-aside') return [];
  return [{ type: 'FulfilmentCompleted', data: { orderId, outcome: outcomeOf(state) } }];
}

function outcomeOf({ status }: FulfilmentState): 'shipped' | 'rejected' | 'cancelled' {
  if (status === 'shipping') return 'shipped';
  return status === 'cancelling' ? 'cancelled' : 'rejected';
}
