import type { CustomerId, OrderId } from '../kernel/ids.ts';
import type { Money } from '../kernel/money.ts';

interface Payment {
  readonly orderId: OrderId;
  readonly customerId: CustomerId;
  readonly amount: Money;
  /** Recorded contradictions of the provider, by their details. */
  readonly contradictions: readonly string[];
}
interface OpenPayment extends Payment {
  readonly status: 'requested';
}
/** It is certain that no money moved, unless a capture is reported after all. */
interface UnpaidPayment extends Payment {
  readonly status: 'declined' | 'failed';
}
/** `reference` is the provider's id of the transaction. */
interface WithReference {
  readonly reference: string;
}
interface CapturedPayment extends Payment, WithReference {
  readonly status: 'captured';
}
interface PaymentToRefund extends Payment, WithReference {
  readonly status: 'refund-requested';
  readonly reason: string;
}
interface RefundedPayment extends Payment, WithReference {
  readonly status: 'refunded';
  readonly refundReference: string;
}

export type RequestedPayment =
  | OpenPayment
  | UnpaidPayment
  | CapturedPayment
  | PaymentToRefund
  | RefundedPayment;
export type PaymentState = { readonly status: 'unrequested' } | RequestedPayment;

export const initialPayment: PaymentState = { status: 'unrequested' };
