import type { CustomerId, OrderId } from '../kernel/ids.ts';
import type { Money } from '../kernel/money.ts';

interface Payment {
  readonly orderId: OrderId;
  readonly customerId: CustomerId;
  readonly amount: Money;
}
interface OpenPayment extends Payment {
  readonly status: 'requested';
}
/** It is certain that no money moved, unless a capture is reported after all. */
interface UnpaidPayment extends Payment {
  readonly status: 'declined' | 'failed';
}
interface CapturedPayment extends Payment {
  readonly status: 'captured';
}
interface PaymentToRefund extends Payment {
  readonly status: 'refund-requested';
  readonly reason: string;
}
interface RefundedPayment extends Payment {
  readonly status: 'refunded';
}

export type RequestedPayment =
  | OpenPayment
  | UnpaidPayment
  | CapturedPayment
  | PaymentToRefund
  | RefundedPayment;
export type PaymentState = { readonly status: 'unrequested' } | RequestedPayment;

export const initialPayment: PaymentState = { status: 'unrequested' };
