import { unchanged } from '../kernel/decider.ts';
import type { EventOf } from '../kernel/event.ts';
import type { ExceptionKind, Shortage } from '../kernel/values.ts';
import { dueTasks } from './commands.ts';
import type { FulfilmentEvent, FulfilmentUnpaid, TimeoutScheduled, WaitKind } from './events.ts';
import type { FulfilmentState } from './state.ts';

/** Exceptions in which the carrier took a parcel that must come back. */
const PARCEL_TAKEN: ReadonlySet<ExceptionKind> = new Set(['dispatched-after-cancel', 'dispatched-twice']);

/**
 * Every event ends the current timeout, except that `FulfilmentRecalled` ends only a wait for a recall. A timeout, a parked
 * wait and the completion are recorded only when no command is left to send, so they mark the due tasks as done.
 */
export function evolve(state: FulfilmentState, event: FulfilmentEvent): FulfilmentState {
  switch (event.type) {
    case 'TimeoutScheduled':
      return withTimeout(withTasksDone(state), event.data);
    case 'WaitParked': {
      const { waitingFor, reason } = event.data;
      const everParked = [...state.everParked.filter((kind) => kind !== waitingFor), waitingFor];
      const parked = { ...state.parked, [waitingFor]: reason };
      return { ...withTasksDone(state), timeout: undefined, parked, everParked };
    }
    case 'FulfilmentCompleted':
      return { ...withTasksDone(state), timeout: undefined };
    case 'FulfilmentRecalled': {
      const recalled = { ...withoutParked(state, 'recall'), recall: event.data.outcome };
      return state.timeout?.waitingFor === 'recall' ? { ...recalled, timeout: undefined } : recalled;
    }
    default:
      return applyFact({ ...state, timeout: undefined }, event);
  }
}

/** Returns the state in which the due tasks are done: all their commands have results. */
export const withTasksDone = (state: FulfilmentState): FulfilmentState => ({
  ...state,
  done: [...state.done, ...dueTasks(state)],
});

type Fact = Exclude<
  FulfilmentEvent,
  { type: 'TimeoutScheduled' | 'WaitParked' | 'FulfilmentCompleted' | 'FulfilmentRecalled' }
>;

function applyFact(state: FulfilmentState, event: Fact): FulfilmentState {
  switch (event.type) {
    case 'FulfilmentStarted':
      return { ...state, order: event.data };
    case 'ReservationQuestioned': {
      const { productId, closings } = event.data;
      return { ...state, closings: { ...state.closings, [productId]: closings } };
    }
    case 'StockAllocated':
      return { ...state, stock: 'allocated', closings: {} };
    case 'StockShort':
      return withRejection({ ...state, stock: 'short', closings: {} }, 'out of stock', event.data.short);
    case 'FulfilmentPaid':
      return { ...state, payment: 'captured' };
    case 'FulfilmentUnpaid':
      return withRejection({ ...state, payment: 'unpaid' }, unpaidReason(event.data));
    case 'FulfilmentDispatched': {
      const { carrier, trackingNumber } = event.data;
      return { ...state, status: 'shipping', carrier, trackingNumber };
    }
    case 'FulfilmentDelivered':
      return { ...state, isDelivered: true };
    case 'FulfilmentCancelled': {
      if (state.status !== 'selling') return state;
      const { reason, cancelledBy } = event.data;
      // The carrier may have taken the parcel although no response has arrived. An earlier recall already has its result.
      const recall = state.isDispatchRequested && state.recall === 'none' ? 'owed' : state.recall;
      return { ...state, status: 'cancelling', reason, cancelledBy, recall };
    }
    case 'FulfilmentExceptionRecorded': {
      const { number, kind, detail } = event.data;
      const exceptions = [...state.exceptions, { number, kind, detail }];
      const mustReturn = PARCEL_TAKEN.has(kind) && state.recall !== 'returning' && state.recall !== 'refused';
      return { ...state, exceptions, recall: mustReturn ? 'owed' : state.recall };
    }
    case 'RefundOwed':
      return { ...withoutParked(state, 'refund'), refund: { status: 'owed', reason: event.data.reason } };
    case 'RefundSettled':
      return { ...state, refund: { status: 'settled' } };
    default:
      return unchanged(state, event);
  }
}

function withTimeout(
  state: FulfilmentState,
  data: EventOf<typeof TimeoutScheduled>['data'],
): FulfilmentState {
  const { timeoutId, waitingFor, attempt, dueAt } = data;
  return {
    ...withoutParked(state, waitingFor),
    timeout: { timeoutId, waitingFor, attempt, dueAt },
    timeouts: state.timeouts + 1,
    isDispatchRequested: state.isDispatchRequested || waitingFor === 'dispatch',
    isPaymentGivenUp: state.isPaymentGivenUp || waitingFor === 'settlement',
  };
}

function withoutParked(state: FulfilmentState, kind: WaitKind): FulfilmentState {
  if (state.parked[kind] === undefined) return state;
  const { [kind]: _, ...parked } = state.parked;
  return { ...state, parked };
}

const withRejection = (
  state: FulfilmentState,
  reason: string,
  short: readonly Shortage[] = [],
): FulfilmentState => (state.status === 'selling' ? { ...state, status: 'rejecting', reason, short } : state);

/** A reason has at most 500 characters. */
const unpaidReason = ({ outcome, reason }: EventOf<typeof FulfilmentUnpaid>['data']): string =>
  `payment ${outcome}: ${reason}`.slice(0, 500);
