import type { CustomerId, OrderId } from '../kernel/ids.ts';
import type { PersonalData } from '../kernel/personal-data.ts';
import type { Shortage } from '../kernel/values.ts';
import type { OrderLine } from './order-line.ts';

export interface PlaceOrder {
  readonly type: 'PlaceOrder';
  readonly orderId: OrderId;
  readonly customerId: CustomerId;
  /** Priced lines, each product once. The decider computes the line totals and the total. */
  readonly lines: readonly Omit<OrderLine, 'lineTotal'>[];
  readonly paymentToken: string;
  readonly shipTo?: PersonalData | undefined;
  readonly placedAt: string;
}
export interface ConfirmOrder {
  readonly type: 'ConfirmOrder';
}
export interface RejectOrder {
  readonly type: 'RejectOrder';
  readonly reason: string;
  readonly short?: readonly Shortage[];
}
export interface MarkOrderShipped {
  readonly type: 'MarkOrderShipped';
  readonly carrier: string;
  readonly trackingNumber: string;
}
export interface MarkOrderDelivered {
  readonly type: 'MarkOrderDelivered';
}
export interface CancelOrder {
  readonly type: 'CancelOrder';
  readonly reason?: string;
  readonly cancelledBy: string;
}

export type OrderCommand =
  | PlaceOrder
  | ConfirmOrder
  | RejectOrder
  | MarkOrderShipped
  | MarkOrderDelivered
  | CancelOrder;
