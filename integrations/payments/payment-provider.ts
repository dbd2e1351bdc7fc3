import type { CustomerId, OrderId } from '../../domain/kernel/ids.ts';
import type { Money } from '../../domain/kernel/money.ts';
import type { NoResult } from '../no-result.ts';

/** `reference` is the provider's own id of the transaction. */
export interface Captured {
  readonly outcome: 'captured';
  readonly reference: string;
}

export type CaptureResult = Captured | { readonly outcome: 'declined'; readonly reason: string } | NoResult;

/** `nothing-moved` holds for ever: the provider will also decline a capture of this order that is in flight. */
export type SettleResult = Captured | { readonly outcome: 'nothing-moved' } | NoResult;

export type RefundResult =
  | { readonly outcome: 'refunded'; readonly reference: string }
  /** The provider rejects the refund, for example because it knows no such payment: an operator has to look into it. */
  | { readonly outcome: 'refused'; readonly reason: string }
  | NoResult;

interface OfOrder {
  readonly orderId: OrderId;
  readonly customerId: CustomerId;
}
export interface CaptureRequest extends OfOrder {
  readonly amount: Money;
  /** Payment method of the customer, opaque to us. */
  readonly token: string;
}
export interface SettleRequest extends OfOrder {
  readonly reason: string;
}
export interface RefundRequest extends OfOrder {
  readonly amount: Money;
  readonly reason: string;
}

/**
 * The port to a payment provider. The order id is the idempotency key of every call: a repeated call returns the first
 * result and moves no money twice. Implementations do not throw. `signal` ends the wait for the response, not the charge.
 */
export interface PaymentProvider {
  capture(request: CaptureRequest, signal?: AbortSignal): Promise<CaptureResult>;
  /** Finds out whether money moved, and makes sure that none moves from now on. */
  settle(request: SettleRequest, signal?: AbortSignal): Promise<SettleResult>;
  refund(request: RefundRequest, signal?: AbortSignal): Promise<RefundResult>;
}
