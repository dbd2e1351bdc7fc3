import type { CustomerId, OrderId } from '../kernel/ids.ts';
import type { Money } from '../kernel/money.ts';

export interface PaymentRequest {
  readonly orderId: OrderId;
  readonly customerId: CustomerId;
  readonly amount: Money;
  readonly paymentToken: string;
}
export interface RequestPayment extends PaymentRequest {
  readonly type: 'RequestPayment';
}
/** The request that a result belongs to. It is recorded with the result, unless it was recorded before. */
interface WithRequest {
  readonly request?: PaymentRequest;
}
/** Facts from the payment provider: never rejected, whatever the state. */
export interface RecordCapture extends WithRequest {
  readonly type: 'RecordCapture';
  readonly reference: string;
  readonly capturedAt: string;
}
export interface RecordDecline extends WithRequest {
  readonly type: 'RecordDecline';
  readonly reason: string;
}
/** Recorded only when it is certain that no money moved. */
export interface RecordFailure {
  readonly type: 'RecordFailure';
  readonly reason: string;
}
/** An operator records the outcome of a payment or of a refund that the provider does not report. */
export type ResolvePayment = {
  readonly type: 'ResolvePayment';
  readonly reason: string;
  readonly resolvedBy: string;
} & (
  | { readonly outcome: 'failed' }
  /** `reference` is the provider's id of the transaction, when the operator knows it. */
  | { readonly outcome: 'captured'; readonly reference?: string; readonly capturedAt: string }
  /** The refund was made outside the provider; `reference` is that of the transfer. */
  | { readonly outcome: 'refunded'; readonly reference?: string; readonly refundedAt: string }
);
export interface RequestRefund {
  readonly type: 'RequestRefund';
  readonly reason: string;
  readonly requestedBy: string;
}
export interface RecordRefund {
  readonly type: 'RecordRefund';
  /** The reason, when no refund was requested on this stream before. */
  readonly reason?: string;
  readonly reference: string;
  readonly refundedAt: string;
}

export type PaymentCommand =
  | RequestPayment
  | RecordCapture
  | RecordDecline
  | RecordFailure
  | ResolvePayment
  | RequestRefund
  | RecordRefund;
