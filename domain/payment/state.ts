import type { CustomerId, OrderId } from '../kernel/ids.ts';
import type { Money } from '../kernel/money.ts';

interface Payment {
  readonly orderId: OrderId;
  readonly customerId: CustomerId;
  readonly amount: Money;
  /** Recorded contradictions of the provider, by their details. */
  readonly contradictions: readonly string[];
}
/** `declined` and `failed`: it is certain that no money moved, unless a capture is reported after all. */
interface UncapturedPayment extends Payment {
  readonly status: 'requested' | 'declined' | 'failed';
}
interface CapturedPayment extends Payment {
  readonly status: 'captured' | 'refund-requested' | 'refunded';
  /** The provider's id of the transaction. */
  readonly reference: string;
}
interface RefundRequested extends CapturedPayment {
  readonly status: 'refund-requested';
  readonly reason: string;
}
interface Refunded extends CapturedPayment {
  readonly status: 'refunded';
  readonly refundReference: string;
}

export type RequestedPayment =
  | UncapturedPayment
  | (CapturedPayment & { readonly status: 'captured' })
  | RefundRequested
  | Refunded;
export type PaymentState = { readonly status: 'unrequested' } | RequestedPayment;

export const initialPayment: PaymentState = { status: 'unrequested' };
