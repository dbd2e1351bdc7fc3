import { z } from 'zod';
import { defineEvent, type EventOf } from '../kernel/event.ts';
import { CustomerId, OrderId } from '../kernel/ids.ts';
import { Money } from '../kernel/money.ts';
import { PersonalData } from '../kernel/personal-data.ts';
import { Instant, Reason, Shortage } from '../kernel/values.ts';
import { OrderLine } from './order-line.ts';

const ofOrder = { orderId: OrderId, customerId: CustomerId };

/** `order-placed.v1.ts` has the earlier version. */
export const OrderPlaced = defineEvent('OrderPlaced', 2, {
  ...ofOrder,
  lines: z.array(OrderLine).min(1),
  total: Money,
  /** The provider's token of the payment method. */
  paymentToken: z.string(),
  /** Name and address to ship to, of the person with the id `customerId`. */
  shipTo: PersonalData.optional(),
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
