import { unchanged } from '../kernel/decider.ts';
import type { EventOf } from '../kernel/event.ts';
import type { ExceptionKind, Shortage } from '../kernel/values.ts';
import type { DeadlineSet, FulfilmentEvent, FulfilmentUnpaid } from './events.ts';
import { dueTasks, type FulfilmentState } from './state.ts';

/** Exceptions whose parcel must be returned. */
const LEFT_THE_SHOP: ReadonlySet<ExceptionKind> = new Set(['dispatched-after-cancel', 'dispatched-twice']);
const NO_WAIT = { deadline: undefined } as const;

/** Every event ends the current wait, except a new deadline and the answer to a recall. */
export function evolve(state: FulfilmentState, event: FulfilmentEvent): FulfilmentState {
  switch (event.type) {
    case 'DeadlineSet':
      return waiting(state, event.data);
    case 'FulfilmentRecalled':
      // Other waits, such as one for a refund, continue.
      return learn(state.deadline?.waitingFor === 'recall' ? { ...state, ...NO_WAIT } : state, event);
    case 'FulfilmentCompleted':
      return { ...tasksAnswered(state), ...NO_WAIT };
    default:
      return learn({ ...state, ...NO_WAIT }, event);
  }
}

function learn(
  state: FulfilmentState,
  event: Exclude<FulfilmentEvent, { type: 'DeadlineSet' | 'FulfilmentCompleted' }>,
): FulfilmentState {
  switch (event.type) {
    case 'FulfilmentStarted':
      return { ...state, order: event.data };
    case 'StockAllocated':
      return { ...state, stock: 'allocated' };
    case 'StockShort':
      return rejecting({ ...state, stock: 'short' }, 'out of stock', event.data.short);
    case 'FulfilmentPaid':
      return { ...state, payment: 'captured' };
    case 'FulfilmentUnpaid':
      return rejecting({ ...state, payment: 'unpaid' }, unpaidReason(event.data));
    case 'FulfilmentDispatched': {
      const { carrier, trackingNumber } = event.data;
      return { ...state, status: 'shipping', carrier, trackingNumber };
    }
    case 'FulfilmentExceptionRecorded': {
      const { number, kind, detail } = event.data;
      const exceptions = [...state.exceptions, { number, kind, detail }];
      const isToReturn =
        LEFT_THE_SHOP.has(kind) && state.recall !== 'returning' && state.recall !== 'refused';
      return { ...state, exceptions, recall: isToReturn ? 'owed' : state.recall };
    }
    case 'FulfilmentRecalled':
      return { ...state, recall: event.data.outcome };
    case 'FulfilmentDelivered':
      return { ...state, delivered: true };
    case 'FulfilmentCancelled': {
      if (state.status !== 'selling') return state;
      const { reason, cancelledBy } = event.data;
      // The carrier may have taken the parcel although no response has arrived. An earlier recall was answered already.
      const recall = state.dispatchAsked && state.recall === 'none' ? 'owed' : state.recall;
      return { ...state, status: 'cancelling', reason, cancelledBy, recall };
    }
    case 'RefundOwed':
      return anew({ ...state, refund: { status: 'owed', reason: event.data.reason } });
    case 'RefundSetAside':
      return anew({ ...state, refund: { status: 'set-aside', reason: event.data.reason } });
    case 'WaitSetAside': {
      const { waitingFor } = event.data;
      const others = state.everSetAside.filter((wait) => wait !== waitingFor);
      return { ...state, setAside: waitingFor, everSetAside: [...others, waitingFor] };
    }
    case 'RefundSettled':
      return { ...state, refund: { status: 'settled' } };
    default:
      return unchanged(state, event);
  }
}

/** As the order's rejection will tell it, in the 500 characters that a reason may have. */
const unpaidReason = ({ outcome, reason }: EventOf<typeof FulfilmentUnpaid>['data']): string =>
  `payment ${outcome}: ${reason}`.slice(0, 500);

function rejecting(state: FulfilmentState, reason: string, short: readonly Shortage[] = []): FulfilmentState {
  return state.status === 'selling' ? { ...state, status: 'rejecting', reason, short } : state;
}

/** Who is asked for the money anew, or will be, is waited for, whether that was set aside before or not. */
const anew = (state: FulfilmentState): FulfilmentState =>
  state.setAside === 'refund' ? { ...state, setAside: undefined } : state;

/** A wait begins when all stages before it have been answered. */
function waiting(state: FulfilmentState, set: EventOf<typeof DeadlineSet>['data']): FulfilmentState {
  const { deadlineId, waitingFor, attempt, dueAt } = set;
  return {
    ...tasksAnswered(state),
    deadline: { deadlineId, waitingFor, attempt, dueAt },
    setAside: undefined,
    dispatchAsked: state.dispatchAsked || waitingFor === 'dispatch',
    deadlines: state.deadlines + 1,
    paymentGivenUp: state.paymentGivenUp || waitingFor === 'settlement',
  };
}

/** The state in which nothing is left to be sent. */
export const tasksAnswered = (state: FulfilmentState): FulfilmentState => ({
  ...state,
  done: [...state.done, ...dueTasks(state).map(({ name }) => name)],
});
