import { z } from 'zod';
import { CustomerId, OrderId, ProductId } from '../domain/kernel/ids.ts';
import { Money } from '../domain/kernel/money.ts';
import { OrderLine } from '../domain/order/events.ts';
import type { Position } from '../event-store/codec/recorded-event.ts';
import type { ResponseDescription, RouteResponse } from '../platform/http/route.ts';

import { examples } from './examples.ts';

const decimal = z.string().regex(/^\d+$/);

/** In every answer to a command. */
export const reached = {
  revision: decimal.meta({
    description: 'revision of the stream that the command writes',
    example: '3',
  }),
  position: decimal.meta({
    description:
      'how far the log reached: give it to a query as Orderstream-Min-Position to read your own write',
    example: '10423',
  }),
};

const AnswerHeaders = z.object({
  ETag: z.string().meta({
    description:
      'for If-Match and If-None-Match; for items and orders the same ETag as in the query API, otherwise the revision in double quotes',
    example: '"3"',
  }),
  'Orderstream-Position': decimal,
});

const units = z.int();

export const ItemCreated = z
  .object({ productId: ProductId, name: z.string(), price: Money, quantity: units, ...reached })
  .meta({ id: 'ItemCreated', example: examples.itemCreated });
export const Item = z
  .object({
    productId: ProductId,
    name: z.string(),
    price: Money,
    retired: z.literal(true).optional(),
    ...reached,
  })
  .meta({ id: 'ItemChanged', example: examples.itemChanged });
export const Stock = z
  .object({
    productId: ProductId,
    quantity: units.meta({ description: 'by which the stock changed' }),
    onHand: units,
    reserved: units,
    available: units,
    ...reached,
  })
  .meta({ id: 'StockChanged', example: examples.stockChanged });
export const OrderPlacedAnswer = z
  .object({
    orderId: OrderId,
    status: z.literal('placed'),
    customerId: CustomerId,
    items: z.array(OrderLine),
    total: Money,
    placedAt: z.iso.datetime(),
    ...reached,
  })
  .meta({ id: 'OrderPlaced', example: examples.orderPlaced });
export const OrderCancelledAnswer = z
  .object({ orderId: OrderId, status: z.literal('cancelled'), ...reached })
  .meta({ id: 'OrderCancelled', example: examples.orderCancelled });
export const ShipmentAnswer = z
  .object({
    orderId: OrderId,
    status: z.enum(['dispatched', 'delivered']),
    carrier: z.string(),
    trackingNumber: z.string(),
    ...reached,
  })
  .meta({ id: 'Shipment', example: examples.dispatched });
export const RefundAnswer = z
  .object({
    orderId: OrderId,
    status: z.enum(['refunded', 'refund-requested']).meta({
      description: 'refund-requested: the payment provider did not answer in time; the refund is under way',
    }),
    amount: Money,
    ...reached,
  })
  .meta({ id: 'Refund', example: examples.refunded });

/** A successful answer to a command, for the OpenAPI document. */
export const answer = (description: string, schema: z.ZodType): ResponseDescription => ({
  description,
  schema,
  headers: AnswerHeaders,
});

/** What a command came to; positions and revisions as decimal strings, so that it is plain JSON and can be kept. */
export interface CommandAnswer {
  readonly status: 200 | 201;
  readonly body: { readonly revision: string; readonly position: string; readonly [field: string]: unknown };
  /** Set when the ETag is not the bare revision. */
  readonly etag?: string;
}

/** How far a command got: both are there whenever its stream is. */
export interface Reached {
  readonly revision: bigint | undefined;
  readonly position: Position | undefined;
}

/** Throws `TypeError` when the command's stream does not exist after it: no command that succeeds leaves that. */
export function commandAnswer(
  status: 200 | 201,
  fields: Readonly<Record<string, unknown>>,
  { revision, position }: Reached,
  etag?: string,
): CommandAnswer {
  if (revision === undefined || position === undefined)
    throw new TypeError('a command left no stream behind');
  const body = { ...fields, revision: String(revision), position: String(position.commit) };
  return { status, body, ...(etag !== undefined && { etag }) };
}

/** The later of two positions; a command that wrote to two streams has reached both. */
export const later = (a: Position | undefined, b: Position | undefined): Position | undefined =>
  a === undefined || (b !== undefined && b.commit > a.commit) ? b : a;

export const responseOf = ({ status, body, etag }: CommandAnswer): RouteResponse => ({
  status,
  body,
  headers: { etag: etag ?? `"${body.revision}"`, 'orderstream-position': body.position },
});
