import { DomainError } from '../kernel/domain-error.ts';
import type { OrderId } from '../kernel/ids.ts';
import type { RequestedPayment } from './state.ts';

/** The outcome of the payment is known. */
export class PaymentNotInDoubt extends DomainError {
  override readonly name = 'PaymentNotInDoubt';
  readonly code = 'payment-not-in-doubt';
  readonly orderId: OrderId;
  readonly status: RequestedPayment['status'];

  constructor({ orderId, status }: RequestedPayment) {
    super(`the payment of order ${orderId} is ${status}: its outcome is known`);
    this.orderId = orderId;
    this.status = status;
  }
}

/** The payment was not captured, so there is nothing to refund. */
export class PaymentNotCaptured extends DomainError {
  override readonly name = 'PaymentNotCaptured';
  readonly code = 'payment-not-captured';
  readonly orderId: OrderId;
  readonly status: RequestedPayment['status'];

  constructor({ orderId, status }: RequestedPayment) {
    super(`the payment of order ${orderId} is ${status}: nothing was captured`);
    this.orderId = orderId;
    this.status = status;
  }
}
