import { WaitKind } from '../events.ts';
import type { FulfilmentInput, OrderStoryEvent, Reservation } from '../inputs.ts';
import { heartHeld, id, lanternHeld, on, order, orderPlaced, owner, placedAt, total } from './order.ts';

const at = (time: string) => ({ id, now: on(time) });
const held = [lanternHeld, heartHeld];

/** What the workflow of the sample order receives, by default at 08:26. */
export const received = (event: OrderStoryEvent, time = '08:26:00'): FulfilmentInput => ({
  type: 'EventReceived',
  ...at(time),
  event,
});

export const begin = (reservations: readonly Reservation[] = held): FulfilmentInput => ({
  type: 'BeginFulfilment',
  ...at('08:26:00'),
  event: orderPlaced,
  orderPosition: order.orderPosition,
  reservations,
});

export const commandsCompleted = (
  commandsId: string,
  results: readonly Reservation[] = [],
): FulfilmentInput => ({ type: 'CommandsCompleted', ...at('08:26:00'), commandsId, results });
export const stockReserved = (reservations: readonly Reservation[] = held): FulfilmentInput =>
  commandsCompleted('reserve', reservations);

export const timeoutElapsed = (timeoutId: string, time: string): FulfilmentInput => ({
  type: 'TimeoutElapsed',
  ...at(time),
  timeoutId,
});
export const parkWait = (waitingFor: WaitKind, reason = 'a defect'): FulfilmentInput => ({
  type: 'ParkWait',
  ...at('08:30:00'),
  waitingFor,
  reason,
});
export const resumeWait = (waitingFor: WaitKind): FulfilmentInput => ({
  type: 'ResumeWait',
  ...at('09:00:00'),
  waitingFor,
});

export const paymentCaptured = received({
  type: 'PaymentCaptured',
  data: { ...owner, amount: total, reference: 'ch_1', capturedAt: placedAt },
});
export const paymentDeclined = received({
  type: 'PaymentDeclined',
  data: { ...owner, reason: 'card expired' },
});
export const paymentFailed = received({ type: 'PaymentFailed', data: { ...owner, reason: 'no answer' } });
export const refundRequested = (reason = 'broken'): FulfilmentInput =>
  received({ type: 'RefundRequested', data: { ...owner, reason, requestedBy: 'ann' } });
export const paymentRefunded = received({
  type: 'PaymentRefunded',
  data: { ...owner, amount: total, reason: 'broken', reference: 're_1', refundedAt: placedAt },
});
export const shipmentDispatched = received({
  type: 'ShipmentDispatched',
  data: { ...owner, carrier: 'Royal Mail', trackingNumber: 'RM1', dispatchedAt: placedAt },
});
export const shipmentDelivered = received({
  type: 'ShipmentDelivered',
  data: { ...owner, deliveredAt: placedAt },
});
export const shipmentCancelled = received({
  type: 'ShipmentCancelled',
  data: { ...owner, reason: 'changed my mind', cancelledBy: '17850' },
});
export const shipmentRecalled = (outcome: 'nothing-taken' | 'returning' = 'nothing-taken'): FulfilmentInput =>
  received({ type: 'ShipmentRecalled', data: { ...owner, outcome, recalledAt: placedAt } });
/** The carrier took a parcel that it should not have taken. */
export const shipmentContradicted = (
  kind: 'dispatched-after-cancel' | 'dispatched-twice' = 'dispatched-after-cancel',
  carrier = 'Royal Mail',
): FulfilmentInput =>
  received(
    {
      type: 'ShipmentContradicted',
      data: { ...owner, kind, carrier, trackingNumber: 'RM1', takenAt: placedAt },
    },
    '08:30:00',
  );

/** Every input of the sample order that is an event of another stream, except `OrderPlaced`. */
export const eventInputs: readonly FulfilmentInput[] = [
  paymentCaptured,
  paymentDeclined,
  paymentFailed,
  paymentRefunded,
  refundRequested(),
  refundRequested('still broken'),
  shipmentDispatched,
  shipmentDelivered,
  shipmentCancelled,
  shipmentRecalled('nothing-taken'),
  shipmentRecalled('returning'),
  shipmentContradicted(),
  shipmentContradicted('dispatched-twice'),
];
/** Every decision of the engine or an operator about a wait of the sample order. */
export const waitInputs: readonly FulfilmentInput[] = WaitKind.options.flatMap((kind) => [
  parkWait(kind),
  resumeWait(kind),
]);
