import { z } from 'zod';
import { aggregate } from '../../command-handling/aggregates.ts';
import type { Revisions } from '../../command-handling/command-handler.ts';
import { StaleRevision } from '../../command-handling/errors.ts';
import { OrderId } from '../../domain/kernel/ids.ts';
import { OrderAlreadyClosed } from '../../domain/order/errors.ts';
import type { ShipmentState } from '../../domain/shipment/state.ts';
import { orderStream } from '../../event-catalogue/streams.ts';
import type { EventStore } from '../../event-store/event-store.ts';
import { defineRoute } from '../../platform/http/route.ts';
import type { CommandRoute } from '../command-services.ts';
import { commandResponse, later, reachedFields, success } from '../http/command-response.ts';
import { commandRoute } from '../http/command-route.ts';
import { followUpContext, type SendOptions } from '../http/run-command.ts';
import { Reason } from '../http/text-schemas.ts';
import { exampleOrder, OrderPath, type OrderRead, readOrder } from './existing-order.ts';
import { orderTagWithPayment } from './order-tag.ts';

const Cancellation = z
  .strictObject({ reason: Reason.optional() })
  .optional()
  .meta({ id: 'Cancellation', example: { reason: 'ordered by mistake' } });

const OrderCancelled = z.object({ orderId: OrderId, status: z.literal('cancelled'), ...reachedFields }).meta({
  id: 'OrderCancelled',
  example: { orderId: exampleOrder, status: 'cancelled', revision: '2', position: '6044' },
});

/**
 * Cancels the shipment first: a cancellation and a dispatch compete on the shipment's stream, and the first one wins. The
 * fulfilment cancels the order of a cancelled shipment in any case; this route only does it sooner. If-Match and the
 * revision of the response are about the order.
 */
export const cancelOrder: CommandRoute = ({ handler, store, runCommand }) =>
  defineRoute({
    ...commandRoute,
    method: 'post',
    path: '/api/v1/orders/:orderId/cancel',
    summary: 'Cancels an order that was not dispatched yet',
    description: 'Reserved stock is then released, and a captured payment refunded.',
    tag: 'orders',
    params: OrderPath,
    body: Cancellation,
    responses: { 200: success('cancelled, now or before', OrderCancelled) },
    problems: {
      404: 'the order does not exist, or belongs to another customer',
      409: 'it was dispatched or rejected',
    },
    handle: async (request) => {
      const { orderId } = request.params;
      const { caller } = request;
      const reason = request.body?.reason;
      const own: Cause = { ...(reason !== undefined && { reason }), cancelledBy: caller.sub };
      const read = await readOrder(store, orderId, caller);
      const shipment = aggregate('shipment', orderId);
      const target = { ...shipment, part: 'order', correlationId: orderId } as const;
      return runCommand(request, target, async ({ ifMatch, ...options }) => {
        if (ifMatch !== undefined) await mustMatch(store, read, ifMatch, shipment.stream, options);
        if (read.order.status === 'rejected') throw new OrderAlreadyClosed(read.order);
        const { customerId } = read.order;
        const cancelled = await handler.handle({
          ...shipment,
          ...options,
          command: { type: 'CancelShipment', orderId, customerId, ...own },
        });
        const order = await handler.handle({
          ...aggregate('order', orderId),
          command: { type: 'CancelOrder', ...firstCause(cancelled.state, own) },
          context: followUpContext(options.context, 'order'),
        });
        const reached = { ...order, position: later(cancelled.position, order.position) };
        const etag = await orderTagWithPayment(store, orderId, reached);
        return commandResponse(200, { orderId, status: 'cancelled' }, reached, etag);
      });
    },
  });

interface Cause {
  readonly reason?: string;
  readonly cancelledBy: string;
}

/** Returns reason and actor of the first cancellation, which may be an earlier request that failed half-way. */
function firstCause(shipment: ShipmentState, own: Cause): Cause {
  if (shipment.status !== 'cancelled') return own;
  const { reason, cancelledBy } = shipment;
  return { ...(reason !== undefined && { reason }), cancelledBy };
}

/** Throws `StaleRevision`, unless an earlier attempt at the same request has changed the revision itself. */
async function mustMatch(
  store: Pick<EventStore, 'read'>,
  { order, revision }: OrderRead,
  ifMatch: Revisions,
  shipmentStream: string,
  { context, lookFrom }: SendOptions,
): Promise<void> {
  if (ifMatch.includes(revision)) return;
  if (lookFrom !== undefined) {
    for await (const { metadata } of store.read(shipmentStream, { from: lookFrom }))
      if (metadata.commandId === context.commandId) return;
  }
  throw new StaleRevision(orderStream(order.orderId), revision, ifMatch);
}
