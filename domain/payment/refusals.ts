import type { OrderId } from '../kernel/ids.ts';
import { Refusal } from '../kernel/refusal.ts';
import type { RequestedPayment } from './state.ts';

/** There is no money to give back. */
export class PaymentNotCaptured extends Refusal {
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
