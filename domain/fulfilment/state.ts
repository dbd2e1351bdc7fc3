import type { CustomerId, OrderId, ProductId } from '../kernel/ids.ts';
import type { Money } from '../kernel/money.ts';
import type { ExceptionKind, Shortage } from '../kernel/values.ts';
import type { Timeout } from '../kernel/workflow.ts';
import type { WaitKind } from './events.ts';

/** The order as it was placed. */
export interface Order {
  readonly orderId: OrderId;
  readonly customerId: CustomerId;
  readonly lines: readonly { readonly productId: ProductId; readonly quantity: number }[];
  readonly total: Money;
  readonly paymentToken: string;
  readonly orderPosition: string;
}

/** A contradiction between the record and what the provider or the carrier did. */
export interface Exception {
  readonly number: number;
  readonly kind: ExceptionKind;
  readonly detail: string;
}

/** Commands that belong together; `commands.ts` lists them. */
export type Task = 'reserve' | 'call-off' | 'ship' | 'deliver' | 'reject' | 'cancel';

interface Facts {
  /** Undefined until `OrderPlaced` arrives: events can arrive in any order. */
  readonly order: Order | undefined;
  readonly stock: 'unknown' | 'allocated' | 'short';
  /** By product that questioned the reservation: the number of orders closed there (ADR 0010). */
  readonly closings: Readonly<Record<string, number>>;
  readonly payment: 'unknown' | 'captured' | 'unpaid';
  readonly refund:
    | { readonly status: 'none' | 'settled' }
    | { readonly status: 'owed'; readonly reason: string };
  readonly isDelivered: boolean;
  /** The carrier may have been asked to take the parcel, so it may have taken it. */
  readonly isDispatchRequested: boolean;
  /** Whether a recall is owed; later, the carrier's response. */
  readonly recall: 'none' | 'owed' | 'nothing-taken' | 'returning' | 'refused';
  /** The oldest first. */
  readonly exceptions: readonly Exception[];
  /** Tasks whose commands all have results. */
  readonly done: readonly Task[];
  readonly timeout: (Timeout & { readonly waitingFor: WaitKind }) | undefined;
  /** Number of timeouts that were ever scheduled. */
  readonly timeouts: number;
  /** The provider did not respond in time: it is asked whether it charged, and no longer to charge. */
  readonly isPaymentGivenUp: boolean;
  /** Parked waits, with the reason. */
  readonly parked: Readonly<Partial<Record<WaitKind, string>>>;
  /** All waits that were ever parked. */
  readonly everParked: readonly WaitKind[];
}

/**
 * The first rejection or cancellation decides how the order ends. Only a dispatch overrides it: the goods have left. Before
 * any of these, the status is `selling`, from the reservations to the call to dispatch.
 */
export type FulfilmentState =
  | (Facts & { readonly status: 'selling' })
  | (Facts & { readonly status: 'rejecting'; readonly reason: string; readonly short: readonly Shortage[] })
  | (Facts & {
      readonly status: 'cancelling';
      readonly reason: string | undefined;
      readonly cancelledBy: string;
    })
  | (Facts & { readonly status: 'shipping'; readonly carrier: string; readonly trackingNumber: string });

export const initialFulfilment: FulfilmentState = {
  status: 'selling',
  order: undefined,
  stock: 'unknown',
  closings: {},
  payment: 'unknown',
  refund: { status: 'none' },
  isDelivered: false,
  isDispatchRequested: false,
  recall: 'none',
  exceptions: [],
  done: [],
  timeout: undefined,
  timeouts: 0,
  isPaymentGivenUp: false,
  parked: {},
  everParked: [],
};

export const isCaptured = ({ payment }: FulfilmentState): boolean => payment === 'captured';

/** The stock is held, so the provider may have been asked to charge, and its response is missing. */
export const isPaymentOpen = ({ stock, payment }: FulfilmentState): boolean =>
  stock === 'allocated' && payment === 'unknown';

/** The order is paid and will not be refunded: it can be shipped. */
export const isSold = (state: FulfilmentState): boolean =>
  state.status === 'selling' && isCaptured(state) && state.refund.status === 'none';

/**
 * Returns why the customer must get the money back although no refund is recorded yet: the shop has money for goods that will
 * not be shipped. Undefined if it has none.
 */
export function dueRefundReason(state: FulfilmentState): string | undefined {
  if (!isCaptured(state) || state.refund.status !== 'none') return undefined;
  if (state.status === 'cancelling') return state.reason ?? 'the order was cancelled';
  return state.status === 'rejecting' ? state.reason : undefined;
}
