import type { Money } from '../kernel/money.ts';
import type { FulfilmentCommand } from './commands.ts';
import type { WaitKind } from './events.ts';
import type { FulfilmentPolicy } from './policy.ts';
import { type FulfilmentState, isCaptured, isPaymentOpen, isSold, type Order } from './state.ts';

/** A request to the payment provider or the carrier. */
type Call =
  /** Charges the customer. The provider's idempotency key is the order id, so a repetition charges once. */
  | { readonly type: 'CapturePayment'; readonly amount: Money; readonly paymentToken: string }
  /** Finds out whether money moved, and prevents that any moves later. */
  | { readonly type: 'SettlePayment'; readonly reason: string }
  | { readonly type: 'RefundPayment'; readonly amount: Money; readonly reason: string }
  /** Asks the carrier to fetch the parcel; with a manual carrier, an operator dispatches it. */
  | { readonly type: 'DispatchShipment' }
  /** Asks the carrier to return a parcel that it took, and to take none from now on. */
  | { readonly type: 'RecallShipment' };
/** A call about an order. Its result arrives as an event of the payment or the shipment. */
export type ExternalCall = Call & Pick<Order, 'orderId' | 'customerId'>;

interface Wait {
  /** Money is owed or may have moved while the order waits for this: a parked wait cannot be discarded. */
  readonly movesMoney: boolean;
  /** Whether the order waits for this. */
  readonly isDue: (state: FulfilmentState) => boolean;
  /** Commands that are sent before the call. */
  readonly preparations: (order: Order, state: FulfilmentState) => readonly FulfilmentCommand[];
  /** Undefined when only an event is awaited. */
  readonly call: (order: Order, state: FulfilmentState) => Call | undefined;
  /** Milliseconds of the first timeout, which doubles with each attempt up to the maximum. */
  readonly backoff: (policy: FulfilmentPolicy) => { readonly firstMs: number; readonly maxMs: number };
  /** After `ms` milliseconds in all, the order waits for `instead`. Default: the wait has no limit. */
  readonly limit?: { readonly ms: (policy: FulfilmentPolicy) => number; readonly instead: WaitKind };
}

const noCommands = () => [];
const shortBackoff = ({ firstDeadlineMs, maxDeadlineMs }: FulfilmentPolicy) => ({
  firstMs: firstDeadlineMs,
  maxMs: maxDeadlineMs,
});

/** What an order can wait for, the most urgent first: one timeout covers all active waits and has the name of the first. */
export const waits: Readonly<Record<WaitKind, Wait>> = {
  /** The provider charges the customer. */
  payment: {
    movesMoney: true,
    isDue: (state) => state.status === 'selling' && isPaymentOpen(state) && !state.isPaymentGivenUp,
    // The provider often responds to the first call immediately. Then the request is recorded with its outcome in one append (ADR 0009).
    preparations: (order, { timeout }) => (timeout?.attempt === 1 ? [] : [requestPayment(order)]),
    call: ({ total, paymentToken }) => ({ type: 'CapturePayment', amount: total, paymentToken }),
    backoff: shortBackoff,
    limit: { ms: ({ paymentGiveUpMs }) => paymentGiveUpMs, instead: 'settlement' },
  },
  /** The provider says whether it charged. Only then is it known whether money must go back. */
  settlement: {
    movesMoney: true,
    isDue: (state) =>
      isPaymentOpen(state) &&
      (state.status === 'cancelling' || (state.status === 'selling' && state.isPaymentGivenUp)),
    preparations: (order) => [requestPayment(order)],
    call: (_, { status }) => ({
      type: 'SettlePayment',
      reason:
        status === 'cancelling' ? 'the order was cancelled' : 'the payment provider gave no answer in time',
    }),
    backoff: shortBackoff,
  },
  /** The provider gives the money back. */
  refund: {
    movesMoney: true,
    isDue: ({ refund }) => refund.status === 'owed',
    preparations: noCommands,
    call: ({ total }, { refund }) =>
      refund.status === 'owed' ? { type: 'RefundPayment', amount: total, reason: refund.reason } : undefined,
    backoff: shortBackoff,
  },
  /** The carrier returns the parcel of a cancelled order, or says that it took none. */
  recall: {
    movesMoney: false,
    isDue: ({ recall }) => recall === 'owed',
    preparations: noCommands,
    call: () => ({ type: 'RecallShipment' }),
    backoff: shortBackoff,
  },
  /** The carrier takes the parcel. A refunded order makes no call: it only awaits the cancellation of its shipment. */
  dispatch: {
    movesMoney: false,
    isDue: (state) => state.status === 'selling' && isCaptured(state),
    preparations: ({ orderId: id, customerId }, state) =>
      isSold(state)
        ? [
            {
              to: 'order',
              id,
              command: { type: 'ConfirmOrder' },
              accepts: 'order-already-closed',
              pendingIn: ['unplaced', 'placed'],
            },
            {
              to: 'shipment',
              id,
              command: { type: 'RequestShipment', orderId: id, customerId },
              pendingIn: ['unrequested'],
              isFirst: true,
            },
          ]
        : [],
    call: (_, state) => (isSold(state) ? { type: 'DispatchShipment' } : undefined),
    backoff: ({ firstDispatchMs, maxDispatchMs }) => ({ firstMs: firstDispatchMs, maxMs: maxDispatchMs }),
  },
};

/** Records the request of the payment, so that queries show it. */
export const requestPayment = ({
  orderId: id,
  customerId,
  total: amount,
  paymentToken,
}: Pick<Order, 'orderId' | 'customerId' | 'total' | 'paymentToken'>): FulfilmentCommand => ({
  to: 'payment',
  id,
  command: { type: 'RequestPayment', orderId: id, customerId, amount, paymentToken },
  pendingIn: ['unrequested'],
  isFirst: true,
});

const kinds = Object.keys(waits) as readonly WaitKind[];

/** Returns what the order waits for, parked or not, the most urgent first. */
export const dueWaits = (state: FulfilmentState): readonly WaitKind[] =>
  kinds.filter((kind) => waits[kind].isDue(state));

/** Returns what the order waits for now, the most urgent first. */
export const activeWaits = (state: FulfilmentState): readonly WaitKind[] =>
  dueWaits(state).filter((kind) => state.parked[kind] === undefined);

/** Returns the waits that an operator has to replay. */
export const parkedWaits = (state: FulfilmentState): readonly WaitKind[] =>
  dueWaits(state).filter((kind) => state.parked[kind] !== undefined);

/** Returns the waits that were parked before and are over. */
export const endedWaits = (state: FulfilmentState): readonly WaitKind[] =>
  state.everParked.filter((kind) => !waits[kind].isDue(state));
