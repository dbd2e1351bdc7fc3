import { z } from 'zod';
import { defineEvent, type EventOf } from '../kernel/event.ts';
import { CustomerId, OrderId, ProductId } from '../kernel/ids.ts';
import { Money } from '../kernel/money.ts';
import { ExceptionKind, Instant, LogPosition, Reason, Shortage, Units } from '../kernel/values.ts';

const ofOrder = { orderId: OrderId };

/** What the process manager has learned and what it waits for, on `fulfilment-<orderId>`. */
export const FulfilmentStarted = defineEvent(
  'FulfilmentStarted',
  1,
  z.strictObject({
    ...ofOrder,
    customerId: CustomerId,
    lines: z.array(z.strictObject({ productId: ProductId, quantity: Units })).min(1),
    total: Money,
    paymentToken: z.string(),
    /** Log position of the order's `OrderPlaced`. */
    orderPosition: LogPosition,
  }),
);
export const StockAllocated = defineEvent('StockAllocated', 1, z.strictObject(ofOrder));
export const StockShort = defineEvent(
  'StockShort',
  1,
  z.strictObject({ ...ofOrder, short: z.array(Shortage) }),
);
export const FulfilmentPaid = defineEvent('FulfilmentPaid', 1, z.strictObject(ofOrder));
export const FulfilmentUnpaid = defineEvent(
  'FulfilmentUnpaid',
  1,
  z.strictObject({ ...ofOrder, outcome: z.enum(['declined', 'failed']), reason: Reason }),
);
export const FulfilmentDispatched = defineEvent(
  'FulfilmentDispatched',
  1,
  z.strictObject({ ...ofOrder, carrier: z.string(), trackingNumber: z.string() }),
);
export const FulfilmentDelivered = defineEvent('FulfilmentDelivered', 1, z.strictObject(ofOrder));
export const FulfilmentCancelled = defineEvent(
  'FulfilmentCancelled',
  1,
  z.strictObject({ ...ofOrder, reason: Reason.optional(), cancelledBy: z.string() }),
);
/** The customer is to have the money back, for whatever cause. */
export const RefundOwed = defineEvent('RefundOwed', 1, z.strictObject({ ...ofOrder, reason: Reason }));
/** The provider keeps refusing to give the money back: nobody is asked again until an operator says so. */
export const RefundSetAside = defineEvent(
  'RefundSetAside',
  1,
  z.strictObject({ ...ofOrder, reason: Reason, refusal: Reason }),
);
export const RefundSettled = defineEvent('RefundSettled', 1, z.strictObject(ofOrder));
/** The provider or the carrier contradicted the record; `number` counts per order from 1. Parked for an operator. */
export const FulfilmentExceptionRecorded = defineEvent(
  'FulfilmentExceptionRecorded',
  1,
  z.strictObject({ ...ofOrder, number: z.int().min(1), kind: ExceptionKind, detail: Reason, at: Instant }),
);
/** The carrier has answered whether it took a parcel of the cancelled order, and whether it returns it. */
export const FulfilmentRecalled = defineEvent(
  'FulfilmentRecalled',
  1,
  z.strictObject({ ...ofOrder, outcome: z.enum(['nothing-taken', 'returning', 'refused']) }),
);
const WaitingFor = z.enum(['payment', 'settlement', 'dispatch', 'refund', 'recall']);
/**
 * A wait has begun. Any later event of the stream ends it, except `DeadlineSet`. `FulfilmentRecalled` ends only a wait for
 * a recall.
 */
export const DeadlineSet = defineEvent(
  'DeadlineSet',
  1,
  z.strictObject({
    ...ofOrder,
    deadlineId: z.string(),
    waitingFor: WaitingFor,
    attempt: z.int().min(1),
    dueAt: Instant,
  }),
);
/** The current wait is parked: its attempts only fail, or crash the process. It continues when an operator replays it. */
export const WaitSetAside = defineEvent(
  'WaitSetAside',
  1,
  z.strictObject({ ...ofOrder, waitingFor: WaitingFor, reason: z.string() }),
);
/** Nothing is pending any more. A late fact may still open the story again. */
export const FulfilmentCompleted = defineEvent(
  'FulfilmentCompleted',
  1,
  z.strictObject({ ...ofOrder, outcome: z.enum(['shipped', 'rejected', 'cancelled']) }),
);

export const fulfilmentEvents = [
  FulfilmentStarted,
  StockAllocated,
  StockShort,
  FulfilmentPaid,
  FulfilmentUnpaid,
  FulfilmentDispatched,
  FulfilmentDelivered,
  FulfilmentCancelled,
  RefundOwed,
  RefundSetAside,
  RefundSettled,
  FulfilmentExceptionRecorded,
  FulfilmentRecalled,
  DeadlineSet,
  WaitSetAside,
  FulfilmentCompleted,
] as const;
export type FulfilmentEvent = EventOf<(typeof fulfilmentEvents)[number]>;
