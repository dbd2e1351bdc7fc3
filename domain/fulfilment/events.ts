import { z } from 'zod';
import { defineEvent, type EventOf } from '../kernel/event.ts';
import { CustomerId, OrderId, ProductId } from '../kernel/ids.ts';
import { Money } from '../kernel/money.ts';
import { ExceptionKind, Instant, LogPosition, Reason, Shortage, Units } from '../kernel/values.ts';

const ofOrder = { orderId: OrderId };

/** What an order can wait for; `waits.ts` has the rules of each kind. */
export const WaitKind = z.enum(['payment', 'settlement', 'dispatch', 'refund', 'recall']);
export type WaitKind = z.output<typeof WaitKind>;

export const FulfilmentStarted = defineEvent('FulfilmentStarted', 1, {
  ...ofOrder,
  customerId: CustomerId,
  lines: z.array(z.strictObject({ productId: ProductId, quantity: Units })).min(1),
  total: Money,
  paymentToken: z.string(),
  /** Log position of the order's `OrderPlaced`. */
  orderPosition: LogPosition,
});
/**
 * The product cannot tell whether it has closed this order before. The order still waits for its stock, so the reservation
 * is repeated with `closings`, the number of orders closed at the product (ADR 0010).
 */
export const ReservationQuestioned = defineEvent('ReservationQuestioned', 1, {
  ...ofOrder,
  productId: ProductId,
  closings: z.int().min(0),
});
export const StockAllocated = defineEvent('StockAllocated', 1, ofOrder);
export const StockShort = defineEvent('StockShort', 1, { ...ofOrder, short: z.array(Shortage) });
export const FulfilmentPaid = defineEvent('FulfilmentPaid', 1, ofOrder);
export const FulfilmentUnpaid = defineEvent('FulfilmentUnpaid', 1, {
  ...ofOrder,
  outcome: z.enum(['declined', 'failed']),
  reason: Reason,
});
export const FulfilmentDispatched = defineEvent('FulfilmentDispatched', 1, {
  ...ofOrder,
  carrier: z.string(),
  trackingNumber: z.string(),
});
export const FulfilmentDelivered = defineEvent('FulfilmentDelivered', 1, ofOrder);
export const FulfilmentCancelled = defineEvent('FulfilmentCancelled', 1, {
  ...ofOrder,
  reason: Reason.optional(),
  cancelledBy: z.string(),
});
/** The customer must get the money back. */
export const RefundOwed = defineEvent('RefundOwed', 1, { ...ofOrder, reason: Reason });
export const RefundSettled = defineEvent('RefundSettled', 1, ofOrder);
/** The provider or the carrier contradicted the record; `number` counts per order from 1. Parked for an operator. */
export const FulfilmentExceptionRecorded = defineEvent('FulfilmentExceptionRecorded', 1, {
  ...ofOrder,
  number: z.int().min(1),
  kind: ExceptionKind,
  detail: Reason,
  at: Instant,
});
/** The carrier has responded to a recall: it took no parcel, returns it, or refuses to. */
export const FulfilmentRecalled = defineEvent('FulfilmentRecalled', 1, {
  ...ofOrder,
  outcome: z.enum(['nothing-taken', 'returning', 'refused']),
});
/**
 * The order waits. Any later event of the stream ends the timeout, except that `FulfilmentRecalled` ends only a wait for a
 * recall.
 */
export const TimeoutScheduled = defineEvent('TimeoutScheduled', 1, {
  ...ofOrder,
  timeoutId: z.string(),
  waitingFor: WaitKind,
  attempt: z.int().min(1),
  dueAt: Instant,
});
/** The wait is parked until an operator replays it: its call fails, is refused, or crashes its workers. */
export const WaitParked = defineEvent('WaitParked', 1, { ...ofOrder, waitingFor: WaitKind, reason: Reason });
/** Nothing is left to do. A late fact can reopen the fulfilment. */
export const FulfilmentCompleted = defineEvent('FulfilmentCompleted', 1, {
  ...ofOrder,
  outcome: z.enum(['shipped', 'rejected', 'cancelled']),
});

export const fulfilmentEvents = [
  FulfilmentStarted,
  ReservationQuestioned,
  StockAllocated,
  StockShort,
  FulfilmentPaid,
  FulfilmentUnpaid,
  FulfilmentDispatched,
  FulfilmentDelivered,
  FulfilmentCancelled,
  RefundOwed,
  RefundSettled,
  FulfilmentExceptionRecorded,
  FulfilmentRecalled,
  TimeoutScheduled,
  WaitParked,
  FulfilmentCompleted,
] as const;
export type FulfilmentEvent = EventOf<(typeof fulfilmentEvents)[number]>;
