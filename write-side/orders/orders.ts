import { z } from 'zod';
import type { CommandHandler } from '../../command-handling/command-handler.ts';
import { CustomerId, type OrderId, ProductId } from '../../domain/kernel/ids.ts';
import type { EventStore } from '../../event-store/event-store.ts';
import { Forbidden } from '../../platform/http/response/errors.ts';
import { type Caller, defineRoute, type Route } from '../../platform/http/route.ts';
import { CommandHeaders, Ordered, OrderPath, Reason } from '../inputs.ts';
import type { Perform } from '../perform.ts';
import { keyProblem, stale } from '../problem-texts.ts';
import { answer, OrderCancelledAnswer, OrderPlacedAnswer, responseOf } from '../responses.ts';
import { cancelOrder } from './cancel-order.ts';
import { placeOrder } from './place-order.ts';
import type { Prices } from './prices.ts';

export interface OrderRoutesOptions {
  readonly handler: CommandHandler;
  readonly store: EventStore;
  readonly prices: Prices;
  readonly perform: Perform;
  readonly clock: () => Date;
}

const TOKENS =
  'What the payment provider charges. The simulated provider knows `tok_ok` (captures), `tok_declined` (declines), `tok_flaky` (fails twice with 503, then captures), `tok_slow` (takes 2 s) and `tok_down` (is always unavailable).';

const NewOrder = z
  .strictObject({
    items: z
      .array(
        z.strictObject({
          productId: ProductId.meta({ description: 'A product that is not retired.' }),
          quantity: Ordered.meta({ description: 'In units.' }),
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
const Cancellation = z
  .strictObject({ reason: Reason.optional() })
  .optional()
  .meta({ id: 'Cancellation', example: { reason: 'ordered by mistake' } });

export function orderRoutes({
  handler,
  store,
  prices,
  perform,
  clock,
}: OrderRoutesOptions): readonly Route[] {
  const place = defineRoute({
    method: 'post',
    path: '/api/v1/orders',
    summary: 'Places an order',
    description:
      'Each line costs what its product costs now. What becomes of the order (stock, payment, shipment) is told by the query API.',
    tag: 'orders',
    body: NewOrder,
    headers: CommandHeaders,
    responses: { 201: answer('placed', OrderPlacedAnswer) },
    problems: {
      403: 'a customer orders for another',
      412: stale,
      422: `an unknown or retired product, products in several currencies, or a total beyond 2^53-1; ${keyProblem}`,
    },
    handle: async (request) =>
      responseOf(
        await placeOrder({ handler, store, prices }, request, {
          customerId: customerFor(request.caller, request.body.customerId),
          items: request.body.items,
          paymentToken: request.body.payment?.token ?? 'tok_ok',
          placedAt: clock().toISOString(),
        }),
      ),
  });

  const cancel = defineRoute({
    method: 'post',
    path: '/api/v1/orders/:orderId/cancel',
    summary: 'Cancels an order that was not dispatched yet',
    description: 'Stock is released and money given back in what follows.',
    tag: 'orders',
    params: OrderPath,
    body: Cancellation,
    headers: CommandHeaders,
    responses: { 200: answer('cancelled, now or before', OrderCancelledAnswer) },
    problems: {
      404: 'there is no such order, or it is not yours',
      409: 'it was dispatched or rejected',
      412: stale,
      422: keyProblem,
    },
    handle: (request) =>
      cancelOrder({ handler, store, perform }, request, orderIdOf(request), request.body?.reason),
  });

  return [place, cancel];
}

const orderIdOf = ({ params }: { readonly params: { readonly orderId: OrderId } }) => params.orderId;

/** Whose order it is. Customers order for themselves; operators and admins for anybody. */
function customerFor({ sub, role }: Caller, wanted: CustomerId | undefined): CustomerId {
  if (role === 'customer' && wanted !== undefined && wanted !== sub)
    throw new Forbidden('a customer orders for nobody else');
  // Authentication rejects a token whose `sub` is not a customerId.
  return wanted ?? CustomerId.parse(sub);
}
