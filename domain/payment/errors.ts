import { DomainError } from '../kernel/domain-error.ts';
import type { RequestedPayment } from './state.ts';

type PaymentStatus = Pick<RequestedPayment, 'orderId' | 'status'>;

/** The outcome of the payment is known. */
export class PaymentNotInDoubt extends DomainError<PaymentStatus> {
  override readonly name = 'PaymentNotInDoubt';
  readonly code = 'payment-not-in-doubt';

  constructor({ orderId, status }: PaymentStatus) {
    super(`the payment of order ${orderId} is ${status}: its outcome is known`, { orderId, status });
  }
}

/** The payment was not captured, so there is nothing to refund. */
export class PaymentNotCaptured extends DomainError<PaymentStatus> {
  override readonly name = 'PaymentNotCaptured';
  readonly code = 'payment-not-captured';

  constructor({ orderId, status }: PaymentStatus) {
    super(`the payment of order ${orderId} is ${status}: nothing was captured`, { orderId, status });
  }
}
