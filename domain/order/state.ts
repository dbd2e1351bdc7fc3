import type { CustomerId, OrderId } from '../kernel/ids.ts';
import type { Money } from '../kernel/money.ts';

export interface ExistingOrder {
  readonly status: 'placed' | 'confirmed' | 'shipped' | 'delivered' | 'rejected' | 'cancelled';
  readonly orderId: OrderId;
  readonly customerId: CustomerId;
  readonly total: Money;
  readonly placedAt: string;
}

export type OrderState = { readonly status: 'unplaced' } | ExistingOrder;

export const initialOrder: OrderState = { status: 'unplaced' };
