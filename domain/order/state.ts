import type { CustomerId, OrderId } from '../kernel/ids.ts';
import type { Money } from '../kernel/money.ts';

interface Order {
  readonly orderId: OrderId;
  readonly customerId: CustomerId;
  readonly total: Money;
  readonly placedAt: string;
}
export interface ExistingOrder extends Order {
  readonly status: 'placed' | 'confirmed' | 'shipped' | 'delivered' | 'rejected' | 'cancelled';
}

export type OrderState = { readonly status: 'unplaced' } | ExistingOrder;

export const initialOrder: OrderState = { status: 'unplaced' };
