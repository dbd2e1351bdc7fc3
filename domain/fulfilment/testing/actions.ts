import type { ProductId } from '../../kernel/ids.ts';
import { replay, specOf } from '../../testing/given-when-then.ts';
import type { FulfilmentCommand } from '../commands.ts';
import { type FulfilmentEvent, fulfilmentEvents } from '../events.ts';
import type { FulfilmentPolicy } from '../policy.ts';
import type { ExternalCall } from '../waits.ts';
import { fulfilmentWorkflow } from '../workflow.ts';
import { heart, id, lantern, order, owner, total } from './order.ts';

export const policy: FulfilmentPolicy = {
  firstDeadlineMs: 1_000,
  maxDeadlineMs: 8_000,
  paymentGiveUpMs: 10_000,
  firstDispatchMs: 60_000,
  maxDispatchMs: 3_600_000,
  jitter: 0,
};
const workflow = fulfilmentWorkflow(policy);
export const { given } = specOf(workflow, fulfilmentEvents);

export const stateAfter = (...history: readonly FulfilmentEvent[]) => replay(workflow, history);
/** Returns what the workflow has to do after a history. */
export const actionsAfter = (...history: readonly FulfilmentEvent[]) =>
  workflow.actions(stateAfter(...history));
export const commandsAfter = (...history: readonly FulfilmentEvent[]) => actionsAfter(...history).commands;
export const preparationsAfter = (...history: readonly FulfilmentEvent[]) =>
  actionsAfter(...history).preparations;
export const callsAfter = (...history: readonly FulfilmentEvent[]) => actionsAfter(...history).calls;

/** Commands and calls of the sample order. */
const { orderPosition, paymentToken } = order;

export const reserveStock = (
  productId: ProductId,
  quantity: number,
  closings: { readonly waitingAt?: number } = {},
): FulfilmentCommand => ({
  to: 'inventory',
  id: productId,
  command: { type: 'ReserveStock', productId, orderId: id, orderPosition, quantity, ...closings },
});
const ofEachLine = (type: 'CommitStock' | 'ReleaseStock'): readonly FulfilmentCommand[] =>
  [lantern, heart].map((productId) => ({
    to: 'inventory',
    id: productId,
    command: { type, productId, orderId: id, orderPosition },
  }));
export const commits = ofEachLine('CommitStock');
export const releases = ofEachLine('ReleaseStock');

export const requestPayment: FulfilmentCommand = {
  to: 'payment',
  id,
  command: { type: 'RequestPayment', ...owner, amount: total, paymentToken },
  pendingIn: ['unrequested'],
  isFirst: true,
};
export const confirmOrder: FulfilmentCommand = {
  to: 'order',
  id,
  command: { type: 'ConfirmOrder' },
  accepts: 'order-already-closed',
  pendingIn: ['unplaced', 'placed'],
};
export const rejectOrder = (
  why: Omit<Extract<FulfilmentCommand['command'], { type: 'RejectOrder' }>, 'type'>,
): FulfilmentCommand => ({
  to: 'order',
  id,
  command: { type: 'RejectOrder', ...why },
  accepts: 'order-already-closed',
});
export const cancelOrder: FulfilmentCommand = {
  to: 'order',
  id,
  command: { type: 'CancelOrder', reason: 'changed my mind', cancelledBy: '17850' },
  accepts: 'order-already-closed',
};
export const markShipped: FulfilmentCommand = {
  to: 'order',
  id,
  command: { type: 'MarkOrderShipped', carrier: 'Royal Mail', trackingNumber: 'RM1' },
};
export const markDelivered: FulfilmentCommand = { to: 'order', id, command: { type: 'MarkOrderDelivered' } };
export const requestShipment: FulfilmentCommand = {
  to: 'shipment',
  id,
  command: { type: 'RequestShipment', ...owner },
  pendingIn: ['unrequested'],
  isFirst: true,
};
export const callOff: FulfilmentCommand = {
  to: 'shipment',
  id,
  command: {
    type: 'CancelShipment',
    ...owner,
    reason: 'the payment was refunded',
    cancelledBy: 'fulfilment',
  },
  accepts: 'shipment-already-dispatched',
};

export const captureCall: ExternalCall = { type: 'CapturePayment', ...owner, amount: total, paymentToken };
export const settleCall = (reason: string): ExternalCall => ({ type: 'SettlePayment', ...owner, reason });
export const refundCall = (reason: string): ExternalCall => ({
  type: 'RefundPayment',
  ...owner,
  amount: total,
  reason,
});
export const dispatchCall: ExternalCall = { type: 'DispatchShipment', ...owner };
export const recallCall: ExternalCall = { type: 'RecallShipment', ...owner };
