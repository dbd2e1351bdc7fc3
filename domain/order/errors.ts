import { DomainError } from '../kernel/domain-error.ts';
import type { OrderId, ProductId } from '../kernel/ids.ts';
import type { ExistingOrder } from './state.ts';

abstract class OrderStatusError extends DomainError<Pick<ExistingOrder, 'orderId' | 'status'>> {
  constructor({ orderId, status }: ExistingOrder) {
    super(`order ${orderId} is ${status}`, { orderId, status });
  }
}

/** The order is rejected or cancelled, and can no longer change. */
export class OrderAlreadyClosed extends OrderStatusError {
  override readonly name = 'OrderAlreadyClosed';
  readonly code = 'order-already-closed';
}

/** A shipped order can neither be cancelled nor rejected. */
export class OrderAlreadyShipped extends OrderStatusError {
  override readonly name = 'OrderAlreadyShipped';
  readonly code = 'order-already-shipped';
}

/** A confirmed order can no longer be rejected. */
export class OrderAlreadyConfirmed extends OrderStatusError {
  override readonly name = 'OrderAlreadyConfirmed';
  readonly code = 'order-already-confirmed';
}

/** The order cannot be delivered before it is shipped. */
export class OrderNotYetShipped extends OrderStatusError {
  override readonly name = 'OrderNotYetShipped';
  readonly code = 'order-not-yet-shipped';
}

/** An order has at least one line. */
export class OrderWithoutLines extends DomainError<{ orderId: OrderId }> {
  override readonly name = 'OrderWithoutLines';
  readonly code = 'order-without-lines';

  constructor(orderId: OrderId) {
    super(`order ${orderId} has no lines`, { orderId });
  }
}

/** What prevents a total: a product in another currency than the first, or an amount beyond 2^53−1. */
export interface TotalFault {
  /** Absent if the fault is in the sum of the lines. */
  readonly productId?: ProductId;
  readonly field?: 'productId' | 'quantity';
  readonly message: string;
}

/** The lines of an order have no total. */
export class OrderWithoutTotal extends DomainError<{ faults: readonly TotalFault[] }> {
  override readonly name = 'OrderWithoutTotal';
  readonly code = 'order-without-total';

  constructor(faults: readonly TotalFault[]) {
    super(faults.map(({ message }) => message).join('; '), { faults });
  }
}
