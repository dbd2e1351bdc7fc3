import { z } from 'zod';
import type { ZodOpenApiOverrideMetaContext } from 'zod-openapi/api';
import { exceptionKinds } from '../../projections/documents/exceptions.ts';
import { orderStatuses } from '../../projections/orders/document.ts';
import { paymentStatuses } from '../../projections/payments/document.ts';
import { shipmentStatuses } from '../../projections/shipments/document.ts';
import { examples } from './examples.ts';

const Text = z.string();
const Whole = z.int();
/** ISO 8601, UTC. */
const Instant = z.iso.datetime();
const Revision = z.string().regex(/^\d+$/);
const Amount = z
  .strictObject({ amount: Whole, currency: Text })
  .meta({ description: 'In minor units (pence, cents) of an ISO 4217 currency.' });
/** A sum keeps all its digits; beyond 2^53, most JSON parsers lose some. */
const Sum = z
  .strictObject({
    amount: z.int().meta({
      description: 'An integer with all its digits; negative when refunds exceed captures.',
      override: ({ jsonSchema }: ZodOpenApiOverrideMetaContext) => {
        delete jsonSchema.minimum;
        delete jsonSchema.maximum;
      },
    }),
    currency: Text,
  })
  .meta({ description: 'A sum in minor units of an ISO 4217 currency.' });

export const OrderStatus = z.enum(orderStatuses);
export const PaymentStatus = z.enum(paymentStatuses);
export const ShipmentStatus = z.enum(shipmentStatuses);
/** Why, by whom and when a resource was ended. */
const Ending = z.strictObject({ reason: Text.optional(), by: Text, at: Instant });

/** Contradictions between the record and what the payment provider or the carrier did. */
const Exceptions = z
  .array(
    z.strictObject({
      kind: z.enum(exceptionKinds),
      at: Instant,
      detail: Text,
      parkedId: Text.meta({ description: 'The parked step, until an operator discards it.' }),
    }),
  )
  .meta({
    description: 'Contradictions between the record and what the payment provider or the carrier did.',
  });

/** A page of a list; `next` is the cursor of the next one. */
export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.strictObject({ items: z.array(item), next: z.string().nullable() });

export const Order = z
  .strictObject({
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
        status: ShipmentStatus,
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
    cancellation: Ending.optional(),
    exceptions: Exceptions.optional(),
    placedAt: Instant,
    updatedAt: Instant,
    revision: Revision,
  })
  .meta({ example: examples.order });

export const TimelineEntry = z
  .strictObject({
    type: Text,
    stream: Text,
    revision: Revision,
    at: Instant,
    data: z.record(Text, z.unknown()),
    causationId: Text,
  })
  .meta({ example: examples.timelineEntry });

export const Item = z
  .strictObject({
    productId: Text,
    name: Text,
    price: Amount,
    onHand: Whole,
    reserved: Whole,
    available: Whole,
    retired: z.literal(true).optional().meta({
      description: 'A retired product cannot be ordered; absent while it is on sale.',
    }),
    retirement: Ending.optional().meta({ description: 'For operators and admins.' }),
    revision: Revision.meta({ description: "Revision of the product's stream: name, price, retirement." }),
    stockRevision: Revision.optional().meta({
      description: "Revision of the stock's stream; absent until stock is received.",
    }),
  })
  .meta({ example: examples.item });

export const Movement = z
  .strictObject({
    type: Text,
    quantity: Whole,
    orderId: Text.optional(),
    reason: Text.optional(),
    requested: Whole.optional(),
    available: Whole.optional(),
    at: Instant,
    revision: Revision,
  })
  .meta({ example: examples.movement });

export const Payment = z
  .strictObject({
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
  })
  .meta({ example: examples.payment });

export const Shipment = z
  .strictObject({
    orderId: Text,
    customerId: Text,
    status: ShipmentStatus,
    carrier: Text.optional(),
    trackingNumber: Text.optional(),
    openedAt: Instant.meta({ description: 'When the shipment was requested, or cancelled before that.' }),
    requestedAt: Instant.optional(),
    dispatchedAt: Instant.optional(),
    deliveredAt: Instant.optional(),
    cancellation: z
      .strictObject({ reason: Text.optional(), cancelledBy: Text, cancelledAt: Instant })
      .optional(),
    recall: z
      .strictObject({
        outcome: z.enum(['nothing-taken', 'returning', 'refused']),
        at: Instant,
        reason: Text.optional(),
      })
      .optional()
      .meta({ description: 'Response of the carrier to the request to return the parcel.' }),
    exceptions: Exceptions.optional(),
    updatedAt: Instant,
    revision: Revision,
  })
  .meta({ example: examples.shipment });

export const Customer = z
  .strictObject({
    customerId: Text,
    orders: Whole,
    byStatus: z.record(OrderStatus, Whole),
    spent: z.array(Sum),
    firstOrderAt: Instant.optional().meta({ description: 'Absent without an order.' }),
    lastOrderAt: Instant.optional(),
  })
  .meta({ example: examples.customer });

const soldOnADay = { orders: Whole, units: Whole, revenue: Sum };

export const SalesDay = z
  .strictObject({ date: z.iso.date(), ...soldOnADay })
  .meta({ example: examples.salesDay });

export const SalesOfProduct = z
  .strictObject({
    date: z.iso.date(),
    productId: Text,
    /** The product's name in the last order of that day. */
    name: Text,
    ...soldOnADay,
  })
  .meta({ example: examples.salesOfProduct });

export const SalesToCustomer = z
  .strictObject({ date: z.iso.date(), customerId: Text, ...soldOnADay })
  .meta({ example: examples.salesToCustomer });

export const ProjectionStatus = z
  .strictObject({
    name: Text,
    generation: Whole,
    position: Revision,
    /** Milliseconds since the model was last known to be current. */
    lagMs: Whole,
    status: z.enum(['live', 'catching-up', 'rebuilding', 'stopped']),
    error: z.strictObject({ stream: Text, revision: Text, reason: Text }).optional(),
  })
  .meta({ example: examples.projectionStatus });
