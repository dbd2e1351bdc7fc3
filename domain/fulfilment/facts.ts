import type { OrderId } from '../kernel/ids.ts';
import type { ExceptionKind } from '../kernel/values.ts';
import type { FulfilmentEvent } from './events.ts';
import type { OrderStoryEvent } from './inputs.ts';
import { type FulfilmentState, isCaptured } from './state.ts';

type Events = readonly FulfilmentEvent[];
type FactsByType = {
  readonly [Type in OrderStoryEvent['type']]?: (
    data: Extract<OrderStoryEvent, { type: Type }>['data'],
    state: FulfilmentState,
    now: string,
  ) => Events;
};

/** The facts that each event of another stream adds. The fulfilment ignores events that are not listed. */
const factsByType: FactsByType = {
  PaymentCaptured: ({ orderId }, state, now) => captureFacts(orderId, state, now),
  PaymentDeclined: (data, state) => unpaidFacts('declined', data, state),
  PaymentFailed: (data, state) => unpaidFacts('failed', data, state),
  PaymentContradicted: ({ orderId, kind, detail }, state, now) =>
    exceptionFacts({ orderId, kind, detail, at: now }, state),
  RefundRequested: ({ orderId, reason }, state, now) => {
    const { refund, parked } = state;
    const isKnown = refund.status === 'settled' || (refund.status === 'owed' && parked.refund === undefined);
    if (isKnown) return [];
    return [...captureFacts(orderId, state, now), { type: 'RefundOwed', data: { orderId, reason } }];
  },
  PaymentRefunded: ({ orderId }, state, now) => {
    if (state.refund.status === 'settled') return [];
    return [...captureFacts(orderId, state, now), { type: 'RefundSettled', data: { orderId } }];
  },
  ShipmentDispatched: ({ orderId, carrier, trackingNumber }, state, now) => {
    if (state.status === 'shipping') return [];
    const data = { orderId, carrier, trackingNumber };
    return [...captureFacts(orderId, state, now), { type: 'FulfilmentDispatched', data }];
  },
  ShipmentDelivered: ({ orderId }, { isDelivered }) =>
    isDelivered ? [] : [{ type: 'FulfilmentDelivered', data: { orderId } }],
  ShipmentCancelled: ({ orderId, reason, cancelledBy }, { status }) => {
    if (status !== 'selling') return [];
    const data = { orderId, ...(reason !== undefined && { reason }), cancelledBy };
    return [{ type: 'FulfilmentCancelled', data }];
  },
  ShipmentContradicted: ({ orderId, kind, carrier, trackingNumber, takenAt }, state) => {
    const against =
      kind === 'dispatched-twice' ? 'though another one had left' : 'after the shipment was cancelled';
    const detail = `${`${carrier} took the parcel ${trackingNumber}`.slice(0, 400)} ${against}`;
    return exceptionFacts({ orderId, kind, detail, at: takenAt }, state);
  },
  ShipmentRecalled: ({ orderId, outcome }, { recall }) =>
    recall === 'owed' ? [{ type: 'FulfilmentRecalled', data: { orderId, outcome } }] : [],
};

/** Returns whether events of a type can add facts. `OrderPlaced` is another input: it begins the fulfilment. */
export const isReceived = (type: string): boolean => Object.hasOwn(factsByType, type);

/** Returns the facts that an event of another stream adds; none if they are known. */
export const factsOf = ({ type, data }: OrderStoryEvent, state: FulfilmentState, now: string): Events =>
  factsByType[type]?.(data as never, state, now) ?? [];

/**
 * Returns the capture of the payment; no event if it is known. A refund or a dispatch proves a capture whose own event has
 * not arrived yet. The capture of a rejected or cancelled order is an exception, and is refunded.
 */
function captureFacts(orderId: OrderId, state: FulfilmentState, now: string): Events {
  if (isCaptured(state)) return [];
  const paid: FulfilmentEvent = { type: 'FulfilmentPaid', data: { orderId } };
  const late = (kind: ExceptionKind, ended: string): Events => {
    const detail = `the provider captured the payment after the order was ${ended}; it is refunded`;
    return [paid, ...exceptionFacts({ orderId, kind, detail, at: now }, state)];
  };
  if (state.status === 'cancelling') return late('captured-after-cancel', 'cancelled');
  if (state.status === 'rejecting') return late('captured-after-rejection', 'rejected');
  return [paid];
}

const unpaidFacts = (
  outcome: 'declined' | 'failed',
  { orderId, reason }: { readonly orderId: OrderId; readonly reason: string },
  { payment }: FulfilmentState,
): Events =>
  payment === 'unknown' ? [{ type: 'FulfilmentUnpaid', data: { orderId, outcome, reason } }] : [];

function exceptionFacts(
  data: {
    readonly orderId: OrderId;
    readonly kind: ExceptionKind;
    readonly detail: string;
    readonly at: string;
  },
  { exceptions }: FulfilmentState,
): Events {
  const isKnown = exceptions.some(({ kind, detail }) => kind === data.kind && detail === data.detail);
  return isKnown
    ? []
    : [{ type: 'FulfilmentExceptionRecorded', data: { ...data, number: exceptions.length + 1 } }];
}
