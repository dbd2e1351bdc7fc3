import { unhandled } from '../kernel/domain-error.ts';
import type { CustomerId, OrderId, ProductId } from '../kernel/ids.ts';
import type { Money } from '../kernel/money.ts';
import type { Shortage } from '../kernel/values.ts';
import type { Deadline, Exception } from './steps.ts';

/** The order that is to be fulfilled, as it was placed. */
export interface Order {
  readonly orderId: OrderId;
  readonly customerId: CustomerId;
  readonly lines: readonly { readonly productId: ProductId; readonly quantity: number }[];
  readonly total: Money;
  readonly paymentToken: string;
  readonly orderPosition: string;
}

/** Something to be sent to our own streams, answered once; `pending.ts` has the steps that each consists of. */
export type Task =
  | { readonly name: 'reserve' | 'call-off' | 'deliver' }
  | { readonly name: 'ship'; readonly carrier: string; readonly trackingNumber: string }
  | { readonly name: 'reject'; readonly reason: string; readonly short: readonly Shortage[] }
  | { readonly name: 'cancel'; readonly reason: string | undefined; readonly cancelledBy: string };

/** What was learned so far, in whatever order it arrived; the order itself may still be unheard of. */
interface Learned {
  readonly order: Order | undefined;
  readonly stock: 'unknown' | 'allocated' | 'short';
  readonly payment: 'unknown' | 'captured' | 'unpaid';
  readonly refund:
    | { readonly status: 'none' | 'settled' }
    | { readonly status: 'owed' | 'set-aside'; readonly reason: string };
  readonly delivered: boolean;
  /** The fulfilment has waited for a dispatch: the carrier may have taken the parcel. */
  readonly dispatchAsked: boolean;
  /** Whether a recall is pending, and its outcome when it was answered. */
  readonly recall: 'none' | 'owed' | 'nothing-taken' | 'returning' | 'refused';
  /** Exceptions, the oldest first. */
  readonly exceptions: readonly Exception[];
  /** Tasks that were answered. */
  readonly done: readonly Task['name'][];
  readonly deadline: Deadline | undefined;
  /** The wait that was set aside last; nobody waits for that until an operator says so. */
  readonly setAside: Deadline['waitingFor'] | undefined;
  /** All that ever were: once they are over they may still be listed among the parked steps. */
  readonly everSetAside: readonly Deadline['waitingFor'][];
  /** How many deadlines were ever set: it numbers them. */
  readonly deadlines: number;
  /** The provider stayed away too long: it is asked whether it charged, no longer to charge. */
  readonly paymentGivenUp: boolean;
}

/** The story is bound for one end, which the first to decide decides; only a dispatch settles it whatever was before. */
export type FulfilmentState =
  | (Learned & { readonly status: 'selling' })
  | (Learned & { readonly status: 'rejecting'; readonly reason: string; readonly short: readonly Shortage[] })
  | (Learned & {
      readonly status: 'cancelling';
      readonly reason: string | undefined;
      readonly cancelledBy: string;
    })
  | (Learned & { readonly status: 'shipping'; readonly carrier: string; readonly trackingNumber: string });

export const initialFulfilment: FulfilmentState = {
  status: 'selling',
  order: undefined,
  stock: 'unknown',
  payment: 'unknown',
  refund: { status: 'none' },
  delivered: false,
  dispatchAsked: false,
  recall: 'none',
  exceptions: [],
  done: [],
  deadline: undefined,
  setAside: undefined,
  everSetAside: [],
  deadlines: 0,
  paymentGivenUp: false,
};

export const isCaptured = ({ payment }: FulfilmentState): boolean => payment === 'captured';

/** Once stock is held the provider may have been asked, and its answer is still to come. */
export const isPaymentOpen = ({ stock, payment }: FulfilmentState): boolean =>
  stock === 'allocated' && payment === 'unknown';

/** We have money for goods that will not leave, and nobody has said yet that it goes back. */
export const isMoneyToGiveBack = (state: FulfilmentState): boolean =>
  isCaptured(state) &&
  (state.status === 'rejecting' || state.status === 'cancelling') &&
  state.refund.status === 'none';

/** Whoever gets the money back gets no parcel: what was not dispatched yet is called off, on the shipment's stream. */
export const isSold = (state: FulfilmentState): boolean =>
  state.status === 'selling' && isCaptured(state) && state.refund.status === 'none';

/** What is to be sent to our own streams now; nothing before the order is known. */
export function dueTasks(state: FulfilmentState): readonly Task[] {
  return state.order === undefined ? [] : tasksOf(state).filter(({ name }) => !state.done.includes(name));
}

function tasksOf(state: FulfilmentState): readonly Task[] {
  switch (state.status) {
    case 'selling':
      if (state.stock === 'unknown') return [{ name: 'reserve' }];
      return isCaptured(state) && !isSold(state) ? [{ name: 'call-off' }] : [];
    case 'shipping': {
      if (state.stock === 'unknown') return [{ name: 'reserve' }];
      const { carrier, trackingNumber } = state;
      const ship = { name: 'ship', carrier, trackingNumber } as const;
      return state.delivered ? [ship, { name: 'deliver' }] : [ship];
    }
    case 'rejecting':
      return [{ name: 'reject', reason: state.reason, short: state.short }];
    case 'cancelling':
      return [{ name: 'cancel', reason: state.reason, cancelledBy: state.cancelledBy }];
    default:
      return unhandled(state);
  }
}

/** Returns whether a reservation still matters: the stock has not answered and the order has not ended. */
export const isStockWanted = (state: FulfilmentState): boolean =>
  tasksOf(state).some(({ name }) => name === 'reserve' && !state.done.includes(name));

/** What others are to do, the most pressing first; the first of them names the deadline. */
export function awaited(state: FulfilmentState): readonly Deadline['waitingFor'][] {
  const waits: Deadline['waitingFor'][] = [];
  if (state.status === 'selling' && isPaymentOpen(state))
    waits.push(state.paymentGivenUp ? 'settlement' : 'payment');
  if (state.status === 'cancelling' && isPaymentOpen(state)) waits.push('settlement');
  if (state.refund.status === 'owed') waits.push('refund');
  if (state.recall === 'owed') waits.push('recall');
  if (state.status === 'selling' && isCaptured(state)) waits.push('dispatch');
  return waits;
}

/** Who would be waited for next is not: an operator has to say so. */
export const isWaitSetAside = (state: FulfilmentState): boolean =>
  state.setAside !== undefined && state.setAside === awaited(state)[0];

/** Waits that were set aside, and that the story has got past: they may still be listed. */
export const waitsGotPast = (state: FulfilmentState): readonly Deadline['waitingFor'][] =>
  state.everSetAside.filter((wait) => !awaited(state).includes(wait));

/**
 * Somebody is waited for, and no deadline says so. Only an older version left a story so: it set the deadline in a write of its own,
 * which a crash may have prevented. Whatever is then delivered again sets it.
 */
export const isLeftWaiting = (state: FulfilmentState): boolean =>
  state.order !== undefined &&
  state.deadline === undefined &&
  !isWaitSetAside(state) &&
  dueTasks(state).length === 0 &&
  awaited(state).length > 0;

/** Returns why the money goes back: the reason recorded with the refund, else how the order ended. */
export function refundReason(state: FulfilmentState): string {
  if (state.refund.status === 'owed') return state.refund.reason;
  if (state.status === 'cancelling') return state.reason ?? 'the order was cancelled';
  return state.status === 'rejecting' ? state.reason : 'refunded';
}
