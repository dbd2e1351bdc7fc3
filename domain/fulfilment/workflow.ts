import { unhandled } from '../kernel/domain-error.ts';
import { type OrderId, orderId as toOrderId } from '../kernel/ids.ts';
import { type Actions, noActions, type Workflow } from '../kernel/workflow.ts';
import { commandsOf, dueTasks, type FulfilmentCommand } from './commands.ts';
import type { FulfilmentEvent, WaitKind } from './events.ts';
import { evolve, withTasksDone } from './evolve.ts';
import { factsOf } from './facts.ts';
import type { FulfilmentInput } from './inputs.ts';
import type { FulfilmentPolicy } from './policy.ts';
import { beginningFacts, stockFacts } from './reservations.ts';
import { dueRefundReason, type FulfilmentState, initialFulfilment, type Order } from './state.ts';
import { nextAttempt, scheduleTimeout } from './timeouts.ts';
import { activeWaits, type ExternalCall, endedWaits, parkedWaits, waits } from './waits.ts';

type Events = readonly FulfilmentEvent[];

/** The order, and the time (ISO 8601) at which the workflow decides on it. */
interface Moment {
  readonly orderId: OrderId;
  readonly now: string;
}

/**
 * Carries an order from its placing to its end (docs/fulfilment.md):
 *
 * 1. The order is placed: the stock of each line is reserved. Short stock rejects the order.
 * 2. The provider charges the customer. A decline releases the stock and rejects the order. After 20 s without a response
 *    the payment is settled: the provider reports whether it charged and charges no more. If it did not charge, the order
 *    is rejected.
 * 3. The order is confirmed, and the dispatch call is repeated until the carrier takes the parcel.
 * 4. The parcel is dispatched: the stock is committed and the order is shipped, later delivered.
 *
 * A cancellation before the dispatch releases the stock, recalls a parcel that the carrier may have taken, and refunds the
 * payment. A payment that arrives after the end of its order is refunded, and a parcel that leaves after it is recalled.
 * Events arrive in any order and more than once; the result is the same.
 *
 * `facts.ts` lists the facts that each event adds, `commands.ts` the commands of each task, and `waits.ts` the waits with
 * their external calls and limits.
 */
export const fulfilmentWorkflow = (
  policy: FulfilmentPolicy,
): Workflow<FulfilmentInput, FulfilmentState, FulfilmentEvent, FulfilmentCommand, ExternalCall> => {
  /** Adds the immediate consequences to new facts. */
  const withConsequences = (facts: Events, at: Moment, state: FulfilmentState): Events =>
    facts.length === 0 ? [] : [...facts, ...consequences(at, facts.reduce(evolve, state))];

  /** A due refund is recorded as owed. When no command is left to send, the order waits, stays parked, or is complete. */
  function consequences(at: Moment, state: FulfilmentState): Events {
    const { orderId } = at;
    const reason = dueRefundReason(state);
    if (reason !== undefined)
      return withConsequences([{ type: 'RefundOwed', data: { orderId, reason } }], at, state);
    if (state.order === undefined || state.timeout !== undefined || dueTasks(state).length > 0) return [];
    const [waitingFor] = activeWaits(state);
    if (waitingFor !== undefined) return [scheduleTimeout({ ...at, waitingFor, attempt: 1 }, state, policy)];
    const [parked] = parkedWaits(state);
    if (parked !== undefined)
      return [
        { type: 'WaitParked', data: { orderId, waitingFor: parked, reason: state.parked[parked] ?? '' } },
      ];
    return [{ type: 'FulfilmentCompleted', data: { orderId, outcome: outcomeOf(state) } }];
  }

  function decide(input: FulfilmentInput, state: FulfilmentState): Events {
    const orderId = toOrderId(input.id);
    const at = { orderId, now: input.now };
    switch (input.type) {
      case 'BeginFulfilment':
        return state.order === undefined ? withConsequences(beginningFacts(input, state), at, state) : [];
      case 'EventReceived':
        return withConsequences(factsOf(input.event, state, at.now), at, state);
      case 'CommandsCompleted': {
        const [task] = dueTasks(state);
        if (task === undefined || input.commandsId !== commandsId(state)) return [];
        if (task !== 'reserve') return consequences(at, withTasksDone(state));
        return withConsequences(stockFacts(input.results, state), at, state);
      }
      case 'TimeoutElapsed': {
        const { timeout } = state;
        if (timeout?.timeoutId !== input.timeoutId) return [];
        const next = nextAttempt({ orderId, ...timeout }, policy);
        return [scheduleTimeout({ ...next, now: at.now }, state, policy)];
      }
      case 'ParkWait': {
        const { reason } = input;
        const waitingFor = activeWaits(state).find((kind) => kind === input.waitingFor);
        if (state.timeout === undefined || waitingFor === undefined) return [];
        const parked: FulfilmentEvent = { type: 'WaitParked', data: { orderId, waitingFor, reason } };
        // The other waits of the order continue under a timeout of their own.
        return activeWaits(evolve(state, parked)).length === 0
          ? [parked]
          : withConsequences([parked], at, state);
      }
      case 'ResumeWait': {
        const waitingFor = parkedWaits(state).find((kind) => kind === input.waitingFor);
        if (waitingFor === undefined || dueTasks(state).length > 0) return [];
        return [scheduleTimeout({ ...at, waitingFor, attempt: 1 }, state, policy)];
      }
      default:
        return unhandled(input);
    }
  }

  return { initialState: initialFulfilment, decide, evolve, actions };
};

/** Returns all pending work of a state. */
function actions(state: FulfilmentState): Actions<FulfilmentCommand, ExternalCall> {
  const { order, timeout, exceptions } = state;
  if (order === undefined) return { ...noActions, timeout, exceptions };
  const parked = parkedWaits(state);
  const active = timeout === undefined ? [] : activeWaits(state);
  return {
    commands: dueTasks(state).flatMap((task) => commandsOf(task, order, state)),
    commandsId: commandsId(state),
    preparations: active.flatMap((kind) => waits[kind].preparations(order, state)),
    calls: active.flatMap((kind) => callsOf(kind, order, state)),
    timeout,
    activeWaits: active,
    parkedWaits: parked,
    endedWaits: endedWaits(state),
    exceptions,
  };
}

function callsOf(kind: WaitKind, order: Order, state: FulfilmentState): readonly ExternalCall[] {
  const { orderId, customerId } = order;
  const call = waits[kind].call(order, state);
  return call === undefined ? [] : [{ ...call, orderId, customerId }];
}

/** Returns an id of the due commands. A repeated reservation gets another id, so that late results of the earlier one are ignored. */
function commandsId(state: FulfilmentState): string {
  const tasks = dueTasks(state);
  const closings = tasks.includes('reserve') ? Object.entries(state.closings).flat() : [];
  return [...tasks, ...closings].join('+');
}

function outcomeOf({ status }: FulfilmentState): 'shipped' | 'rejected' | 'cancelled' {
  if (status === 'shipping') return 'shipped';
  return status === 'cancelling' ? 'cancelled' : 'rejected';
}
