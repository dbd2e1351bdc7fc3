import { z } from 'zod';
import { defineEvent, type EventOf } from '../kernel/event.ts';
import { CustomerId, OrderId } from '../kernel/ids.ts';
import { Money } from '../kernel/money.ts';
import { Instant, Reason } from '../kernel/values.ts';

const ofPayment = { orderId: OrderId, customerId: CustomerId };

export const PaymentRequested = defineEvent('PaymentRequested', 1, {
  ...ofPayment,
  amount: Money,
  paymentToken: z.string(),
});
export const PaymentCaptured = defineEvent(
  'PaymentCaptured',
  1 /** `reference` is the provider's id of the transaction. */,
  { ...ofPayment, amount: Money, reference: z.string(), capturedAt: Instant },
);
export const PaymentDeclined = defineEvent('PaymentDeclined', 1, { ...ofPayment, reason: Reason });
/** It is certain that no money moved: the provider was unavailable, or the payment was cancelled in time. */
export const PaymentFailed = defineEvent('PaymentFailed', 1, { ...ofPayment, reason: Reason });
/** A refund is requested from the provider, which has not made it yet. */
export const RefundRequested = defineEvent('RefundRequested', 1, {
  ...ofPayment,
  reason: Reason,
  requestedBy: z.string(),
});
export const PaymentRefunded = defineEvent('PaymentRefunded', 1, {
  ...ofPayment,
  amount: Money,
  reason: Reason,
  reference: z.string(),
  refundedAt: Instant,
});

/** An operator recorded the outcome of a payment whose outcome was unknown. The next event follows from it. */
export const PaymentDoubtResolved = defineEvent('PaymentDoubtResolved', 1, {
  ...ofPayment,
  outcome: z.enum(['captured', 'failed']),
  reason: Reason,
  resolvedBy: z.string(),
});

/** The provider contradicted the record. The earlier events stay valid. */
export const PaymentContradicted = defineEvent('PaymentContradicted', 1, {
  ...ofPayment,
  kind: z.enum(['captured-twice', 'declined-after-capture', 'failed-after-capture', 'refunded-twice']),
  detail: Reason,
});

export const paymentEvents = [
  PaymentRequested,
  PaymentCaptured,
  PaymentDeclined,
  PaymentFailed,
  RefundRequested,
  PaymentRefunded,
  PaymentDoubtResolved,
  PaymentContradicted,
] as const;
export type PaymentEvent = EventOf<(typeof paymentEvents)[number]>;
