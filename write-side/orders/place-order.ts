import { z } from 'zod';
import { aggregate } from '../../command-handling/aggregates.ts';
import type { Created } from '../../command-handling/idempotency/create-once.ts';
import { CustomerId, OrderId, orderId, ProductId } from '../../domain/kernel/ids.ts';
import { Money } from '../../domain/kernel/money.ts';
import { OrderWithoutTotal } from '../../domain/order/errors.ts';
import type { OrderEvent } from '../../domain/order/events.ts';
import { OrderLine } from '../../domain/order/order-line.ts';
import { orderStream } from '../../event-catalogue/streams.ts';
import { Forbidden, InvalidBody } from '../../platform/http/response/errors.ts';
import { type Caller, defineRoute } from '../../platform/http/route.ts';
import { accountAddress } from '../accounts/account-address.ts';
import type { CommandRoute } from '../command-services.ts';
import { type CommandResponse, commandResponse, reachedFields, success } from '../http/command-response.ts';
import { commandRoute, keyReused } from '../http/command-route.ts';
import { ShipTo } from '../http/postal-address.ts';
import { withBody } from '../http/run-command.ts';
import { exampleOrder } from './existing-order.ts';
import { orderTag } from './order-tag.ts';
import { MAX_QUANTITY, type OrderItem, priceLines } from './price-lines.ts';

const TOKENS =
  'What the payment provider charges. The simulated provider knows `tok_ok` (captures), `tok_declined` (declines), `tok_flaky` (fails twice with 503, then captures), `tok_slow` (takes 2 s) and `tok_down` (is always unavailable).';

const NewOrder = z
  .strictObject({
    items: z
      .array(
        z.strictObject({
          productId: ProductId.meta({ description: 'A product that is not retired.' }),
          quantity: z.int().min(1).max(MAX_QUANTITY).meta({ description: 'In units.' }),
        }),
      )
      .min(1)
      .meta({
        description:
          'At most 1,000 distinct products, priced in one currency; the same product twice is added up.',
      }),
    customerId: CustomerId.optional().meta({
      description:
        "The customer of the order: the caller's `sub` when absent; only operators may name another one.",
      example: 'ann@example.com',
    }),
    payment: z
      .strictObject({
        token: z
          .string()
          .regex(/^[\x21-\x7e]{1,255}$/, 'is 1 to 255 printable ASCII characters')
          .meta({ description: TOKENS, example: 'tok_ok' }),
      })
      .optional()
      .meta({ description: 'The payment token; `tok_ok` when absent.' }),
    shipTo: ShipTo.optional().meta({
      description:
        "Where the parcel goes, stored encrypted; the address of the customer's account when absent.",
    }),
  })
  .meta({
    id: 'NewOrder',
    example: {
      items: [
        { productId: '22000A', quantity: 3 },
        { productId: '85123A', quantity: 1 },
      ],
      payment: { token: 'tok_ok' },
    },
  });

const lantern = { amount: 255, currency: 'GBP' };
const total = { amount: 765, currency: 'GBP' };

const OrderPlaced = z
  .object({
    orderId: OrderId,
    status: z.literal('placed'),
    customerId: CustomerId,
    items: z.array(OrderLine),
    total: Money,
    placedAt: z.iso.datetime(),
    ...reachedFields,
  })
  .meta({
    id: 'OrderPlaced',
    example: {
      orderId: exampleOrder,
      status: 'placed',
      customerId: 'ann@example.com',
      items: [
        { productId: '22000A', name: 'Paper lantern', quantity: 3, unitPrice: lantern, lineTotal: total },
      ],
      total,
      placedAt: '2026-01-31T12:00:00.000Z',
      revision: '0',
      position: '5197',
    },
  });

export const placeOrder: CommandRoute = ({ handler, prices, runCreation, store, personalData, clock }) =>
  defineRoute({
    ...commandRoute,
    method: 'post',
    path: '/api/v1/orders',
    summary: 'Places an order',
    description:
      'Each line has the current price of its product. The query API shows what becomes of the order: stock, payment and shipment.',
    tag: 'orders',
    body: NewOrder,
    responses: { 201: success('placed', OrderPlaced) },
    problems: {
      403: 'a customer names another customer',
      409: 'the customer was forgotten, so `shipTo` cannot be stored',
      422: `an unknown or retired product, products in several currencies, or a total beyond 2^53-1; ${keyReused}`,
    },
    handle: async (request) => {
      const { items, payment } = request.body;
      const customerId = customerFor(request.caller, request.body.customerId);
      const creation = { streamOf: orderStream, part: 'order', respond } as const;
      const shipTo = request.body.shipTo && (await personalData.encrypt(customerId, request.body.shipTo));
      // The record of the request has a hash of its body: of the ciphertext, since it must reveal nothing once the key is gone.
      const recorded = shipTo === undefined ? request : withBody(request, { ...request.body, shipTo });
      return runCreation(recorded, creation, async (id, options) => {
        const lines = await priceLines(items, prices);
        const command = {
          type: 'PlaceOrder',
          orderId: orderId(id),
          customerId,
          lines,
          paymentToken: payment?.token ?? 'tok_ok',
          shipTo: shipTo ?? (await accountAddress({ store, personalData }, customerId)),
          placedAt: clock().toISOString(),
        } as const;
        return handler.handle({ ...aggregate('order', id), ...options, command }).catch((error: unknown) => {
          throw error instanceof OrderWithoutTotal ? invalidItems(error, items) : error;
        });
      });
    },
  });

/** Customers order for themselves, operators and admins for any customer. Throws `Forbidden`. */
function customerFor({ sub, role }: Caller, wanted: CustomerId | undefined): CustomerId {
  if (role === 'customer' && wanted !== undefined && wanted !== sub)
    throw new Forbidden('a customer may not order for another customer');
  // Authentication rejects a token whose `sub` is not a customerId.
  return wanted ?? CustomerId.parse(sub);
}

/** Names the item of the body for each line that the domain rejects. */
const invalidItems = ({ data: { faults } }: OrderWithoutTotal, items: readonly OrderItem[]): InvalidBody =>
  new InvalidBody(
    faults.map(({ productId, field, message }) => ({
      path:
        productId === undefined
          ? 'items'
          : `items.${items.findIndex((item) => item.productId === productId)}.${field}`,
      message,
    })),
  );

function respond({ event, ...reached }: Created<OrderEvent>): CommandResponse {
  if (event.type !== 'OrderPlaced') throw new TypeError(`the first event of an order is ${event.type}`);
  const { orderId, customerId, lines: items, total, placedAt } = event.data;
  const fields = { orderId, status: 'placed', customerId, items, total, placedAt };
  return commandResponse(201, fields, reached, orderTag(reached));
}
