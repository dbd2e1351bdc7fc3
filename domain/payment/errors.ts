import { DomainError } from '../kernel/domain-error.ts';
import type { OrderId } from '../kernel/ids.ts';
import type { RequestedPayment } from './state.ts';

/** Nobody wonders what became of it. */
export class PaymentNotInDoubt extends DomainError {
  override readonly name = 'PaymentNotInDoubt';
  readonly code = 'payment-not-in-doubt';
  readonly orderId: OrderId;
  readonly status: RequestedPayment['status'];

  constructor({ orderId, status }: RequestedPayment) {
    super(`the payment of order ${orderId} is ${status}: there is no doubt to resolve`);
    this.orderId = orderId;
    this.status = status;
  }
}

/** There is no money to give back. */
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
