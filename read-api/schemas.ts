import { z } from 'zod';
import { orderStatuses } from '../projections/orders/document.ts';
import { paymentStatuses } from '../projections/payments/document.ts';

const Text = z.string();
const Whole = z.int();
/** ISO 8601, UTC. */
const Instant = z.iso.datetime();
const Revision = z.string().regex(/^\d+$/);
const Amount = z.strictObject({ amount: Whole, currency: Text });

export const OrderStatus = z.enum(orderStatuses);
export const PaymentStatus = z.enum(paymentStatuses);

/** A page of a list; `next` is the cursor of the next one. */
export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.strictObject({ items: z.array(item), next: z.string().nullable() });

export const Order = z.strictObject({
  orderId: Text,
  customerId: Text,
  status: OrderStatus,
  items: z.array(
    z.strictObject({
      productId: Text,
      name: Text,
      quantity: Whole,
      unitPrice: Amount,
      lineTotal: Amount,
    }),
  ),
  total: Amount,
  payment: z
    .strictObject({
      status: PaymentStatus,
      reason: Text.optional(),
      capturedAt: Instant.optional(),
      refundedAt: Instant.optional(),
    })
    .optional(),
  shipment: z
    .strictObject({
      status: z.enum(['requested', 'dispatched', 'delivered', 'cancelled']),
      carrier: Text.optional(),
      trackingNumber: Text.optional(),
      dispatchedAt: Instant.optional(),
      deliveredAt: Instant.optional(),
      reason: Text.optional(),
      cancelledBy: Text.optional(),
    })
    .optional(),
  rejection: z
    .strictObject({
      reason: Text,
      short: z.array(z.strictObject({ productId: Text, requested: Whole, available: Whole })).optional(),
    })
    .optional(),
  placedAt: Instant,
  updatedAt: Instant,
  revision: Revision,
});

export const TimelineEntry = z.strictObject({
  type: Text,
  stream: Text,
  revision: Revision,
  at: Instant,
  data: z.record(Text, z.unknown()),
  causationId: Text,
});

export const Item = z.strictObject({
  productId: Text,
  name: Text,
  price: Amount,
  onHand: Whole,
  reserved: Whole,
  available: Whole,
  revision: Revision,
});

export const Movement = z.strictObject({
  type: Text,
  quantity: Whole,
  orderId: Text.optional(),
  reason: Text.optional(),
  requested: Whole.optional(),
  available: Whole.optional(),
  at: Instant,
  revision: Revision,
});

export const Payment = z.strictObject({
  orderId: Text,
  customerId: Text,
  status: PaymentStatus,
  amount: Amount.optional(),
  reference: Text.optional(),
  reason: Text.optional(),
  requestedAt: Instant.optional(),
  capturedAt: Instant.optional(),
  refund: z
    .strictObject({
      reason: Text,
      requestedBy: Text.optional(),
      requestedAt: Instant.optional(),
      reference: Text.optional(),
      refundedAt: Instant.optional(),
    })
    .optional(),
  updatedAt: Instant,
  revision: Revision,
});

export const Shipment = z.strictObject({
  orderId: Text,
  customerId: Text,
  status: z.enum(['requested', 'dispatched', 'delivered', 'cancelled']),
  carrier: Text.optional(),
  trackingNumber: Text.optional(),
  requestedAt: Instant.optional(),
  dispatchedAt: Instant.optional(),
  deliveredAt: Instant.optional(),
  cancellation: z
    .strictObject({ reason: Text.optional(), cancelledBy: Text, cancelledAt: Instant })
    .optional(),
  updatedAt: Instant,
  revision: Revision,
});

export const Customer = z.strictObject({
  customerId: Text,
  orders: Whole,
  byStatus: z.record(OrderStatus, Whole),
  spent: z.array(Amount),
  firstOrderAt: Instant,
  lastOrderAt: Instant,
});

const soldOnADay = { orders: Whole, units: Whole, revenue: Amount };

export const SalesDay = z.strictObject({ date: z.iso.date(), ...soldOnADay });

export const SalesOfProduct = z.strictObject({
  date: z.iso.date(),
  productId: Text,
  /** As it was called in the order booked last on that day. */
  name: Text,
  ...soldOnADay,
});

export const SalesToCustomer = z.strictObject({ date: z.iso.date(), customerId: Text, ...soldOnADay });

export const ProjectionStatus = z.strictObject({
  name: Text,
  generation: Whole,
  position: Revision,
  /** Since the model was last known to have everything that any model has. */
  lagMs: Whole,
  status: z.enum(['live', 'catching-up', 'rebuilding', 'stopped']),
  error: z.strictObject({ stream: Text, revision: Text, reason: Text }).optional(),
});
