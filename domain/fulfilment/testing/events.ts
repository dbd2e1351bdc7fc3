import type { ExceptionKind } from '../../kernel/values.ts';
import type { FulfilmentEvent, WaitKind } from '../events.ts';
import { heart, ofOrder, on, order, placedAt } from './order.ts';

/** What the workflow of the sample order records. */
export const started: FulfilmentEvent = { type: 'FulfilmentStarted', data: order };
export const questioned: FulfilmentEvent = {
  type: 'ReservationQuestioned',
  data: { ...ofOrder, productId: heart, closings: 7 },
};
export const allocated: FulfilmentEvent = { type: 'StockAllocated', data: ofOrder };
export const short: FulfilmentEvent = {
  type: 'StockShort',
  data: { ...ofOrder, short: [{ productId: heart, requested: 2, available: 1 }] },
};
export const paid: FulfilmentEvent = { type: 'FulfilmentPaid', data: ofOrder };
export const declined: FulfilmentEvent = {
  type: 'FulfilmentUnpaid',
  data: { ...ofOrder, outcome: 'declined', reason: 'card expired' },
};
export const failed: FulfilmentEvent = {
  type: 'FulfilmentUnpaid',
  data: { ...ofOrder, outcome: 'failed', reason: 'no answer' },
};
export const dispatched: FulfilmentEvent = {
  type: 'FulfilmentDispatched',
  data: { ...ofOrder, carrier: 'Royal Mail', trackingNumber: 'RM1' },
};
export const delivered: FulfilmentEvent = { type: 'FulfilmentDelivered', data: ofOrder };
export const cancelled: FulfilmentEvent = {
  type: 'FulfilmentCancelled',
  data: { ...ofOrder, reason: 'changed my mind', cancelledBy: '17850' },
};
export const refundOwed = (reason: string): FulfilmentEvent => ({
  type: 'RefundOwed',
  data: { ...ofOrder, reason },
});
export const refundSettled: FulfilmentEvent = { type: 'RefundSettled', data: ofOrder };
export const recalled = (
  outcome: 'nothing-taken' | 'returning' | 'refused' = 'nothing-taken',
): FulfilmentEvent => ({
  type: 'FulfilmentRecalled',
  data: { ...ofOrder, outcome },
});
export const exception = (kind: ExceptionKind, detail: string, number = 1): FulfilmentEvent => ({
  type: 'FulfilmentExceptionRecorded',
  data: { ...ofOrder, number, kind, detail, at: placedAt },
});
export const capturedAfterCancel = exception(
  'captured-after-cancel',
  'the provider captured the payment after the order was cancelled; it is refunded',
);
export const capturedAfterRejection = exception(
  'captured-after-rejection',
  'the provider captured the payment after the order was rejected; it is refunded',
);
/** The `number`-th timeout of the order. */
export const timeout = (
  number: number,
  waitingFor: WaitKind,
  attempt: number,
  due: string,
): FulfilmentEvent => ({
  type: 'TimeoutScheduled',
  data: { ...ofOrder, timeoutId: `o-1-${number}`, waitingFor, attempt, dueAt: on(due) },
});
export const waitParked = (waitingFor: WaitKind, reason = 'a defect'): FulfilmentEvent => ({
  type: 'WaitParked',
  data: { ...ofOrder, waitingFor, reason },
});
export const completed = (outcome: 'shipped' | 'rejected' | 'cancelled'): FulfilmentEvent => ({
  type: 'FulfilmentCompleted',
  data: { ...ofOrder, outcome },
});

/** Histories of the sample order. */
export const awaitingPayment = [started, allocated, timeout(1, 'payment', 1, '08:26:01')];
export const awaitingDispatch = [...awaitingPayment, paid, timeout(2, 'dispatch', 1, '08:27:00')];
export const shipped = [...awaitingDispatch, dispatched, completed('shipped')];
