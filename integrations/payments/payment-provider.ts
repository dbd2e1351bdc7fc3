import type { CustomerId, OrderId } from '../../domain/kernel/ids.ts';
import type { Money } from '../../domain/kernel/money.ts';

/** Definitely not done: the provider answered 503, or nobody took the connection. */
export interface Unavailable {
  readonly outcome: 'unavailable';
  readonly reason: string;
}
/** It was sent and no answer came: it may have been done. Asking again, with the same order id, is always safe. */
export interface Unknown {
  readonly outcome: 'unknown';
  readonly reason: string;
}

/** `reference` is the provider's own id of the transaction. */
export interface Captured {
  readonly outcome: 'captured';
  readonly reference: string;
}

export type CaptureAnswer =
  | Captured
  | { readonly outcome: 'declined'; readonly reason: string }
  | Unavailable
  | Unknown;

/** `nothing-moved` is a promise for ever: a capture of this order that is still on its way will be declined. */
export type SettleAnswer = Captured | { readonly outcome: 'nothing-moved' } | Unavailable | Unknown;

export type RefundAnswer =
  | { readonly outcome: 'refunded'; readonly reference: string }
  /** The provider will not, e.g. because it knows of no such payment: somebody has to look into it. */
  | { readonly outcome: 'refused'; readonly reason: string }
  | Unavailable
  | Unknown;

export interface CaptureRequest {
  readonly orderId: OrderId;
  readonly customerId: CustomerId;
  readonly amount: Money;
  /** Opaque: what the customer pays with. */
  readonly token: string;
}
export interface SettleRequest {
  readonly orderId: OrderId;
  readonly customerId: CustomerId;
  readonly reason: string;
}
export interface RefundRequest {
  readonly orderId: OrderId;
  readonly customerId: CustomerId;
  readonly amount: Money;
  readonly reason: string;
}

/**
 * Whoever moves the money. The order id is the idempotency key of every call: repeating one gives the answer first
 * given and moves nothing twice. Implementations answer rather than throw; `signal` ends the waiting, not the charge.
 */
export interface PaymentProvider {
  capture(request: CaptureRequest, signal?: AbortSignal): Promise<CaptureAnswer>;
  /** Finds out whether money moved, and makes sure that none moves from now on. */
  settle(request: SettleRequest, signal?: AbortSignal): Promise<SettleAnswer>;
  refund(request: RefundRequest, signal?: AbortSignal): Promise<RefundAnswer>;
}
