import { z } from 'zod';
import { defineEvent, type EventOf } from '../kernel/event.ts';
import { CustomerId, OrderId, ProductId } from '../kernel/ids.ts';
import { Money } from '../kernel/money.ts';
import { Instant, ProductName, Reason, Shortage, Units } from '../kernel/values.ts';

/** One product of an order, at the price it had when the order was placed. */
export const OrderLine = z.strictObject({
  productId: ProductId,
  name: ProductName,
  quantity: Units,
  unitPrice: Money,
  lineTotal: Money,
});
export type OrderLine = z.output<typeof OrderLine>;

const ofOrder = { orderId: OrderId, customerId: CustomerId };

export const OrderPlaced = defineEvent('OrderPlaced', 1, {
  ...ofOrder,
  lines: z.array(OrderLine).min(1),
  total: Money,
  /** The provider's token of the payment method. */
  paymentToken: z.string(),
  placedAt: Instant,
});
export const OrderConfirmed = defineEvent('OrderConfirmed', 1, ofOrder);
export const OrderRejected = defineEvent('OrderRejected', 1, {
  ...ofOrder,
  reason: Reason,
  short: z.array(Shortage).optional(),
});
export const OrderShipped = defineEvent('OrderShipped', 1, {
  ...ofOrder,
  carrier: z.string(),
  trackingNumber: z.string(),
});
export const OrderDelivered = defineEvent('OrderDelivered', 1, ofOrder);
export const OrderCancelled = defineEvent('OrderCancelled', 1, {
  ...ofOrder,
  reason: Reason.optional(),
  cancelledBy: z.string(),
});

export const orderEvents = [
  OrderPlaced,
  OrderConfirmed,
  OrderRejected,
  OrderShipped,
  OrderDelivered,
  OrderCancelled,
] as const;
export type OrderEvent = EventOf<(typeof orderEvents)[number]>;
