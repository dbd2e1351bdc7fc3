import type { CommandHandler, Revisions } from '../../command-handling/command-handler.ts';
import { StaleRevision } from '../../command-handling/errors.ts';
import type { OrderId } from '../../domain/kernel/ids.ts';
import { orderDecider } from '../../domain/order/decider.ts';
import { OrderAlreadyClosed } from '../../domain/order/refusals.ts';
import { shipmentDecider } from '../../domain/shipment/decider.ts';
import type { ShipmentState } from '../../domain/shipment/state.ts';
import { orderStream, shipmentStream } from '../../event-catalogue/streams.ts';
import type { EventStore } from '../../event-store/event-store.ts';
import type { RouteResponse } from '../../platform/http/route.ts';
import { orderTagNow } from '../document-tags.ts';
import { following, type Perform, type Sending } from '../perform.ts';
import { commandAnswer, later } from '../responses.ts';
import { type OrderRead, readOrder } from './read-order.ts';

export interface CancelOrderParts {
  readonly handler: CommandHandler;
  readonly store: EventStore;
  readonly perform: Perform;
}

/**
 * Cancels on the shipment's stream first, where cancelling and dispatching meet and the first wins; the order's own event
 * is a shortcut for what the fulfilment would do anyway. If-Match is about the order, and so is the answer's revision.
 */
export async function cancelOrder(
  { handler, store, perform }: CancelOrderParts,
  request: Parameters<Perform>[0],
  orderId: OrderId,
  reason: string | undefined,
): Promise<RouteResponse> {
  const { caller } = request;
  const read = await readOrder(store, orderId, caller);
  const target = { stream: shipmentStream(orderId), part: 'order', correlationId: orderId } as const;
  const why = { ...(reason !== undefined && { reason }), cancelledBy: caller.sub };
  return perform(request, target, async ({ ifMatch, ...sending }) => {
    if (ifMatch !== undefined) await mustMatch(store, read, ifMatch, target.stream, sending);
    if (read.order.status === 'rejected') throw new OrderAlreadyClosed(read.order);
    const shipment = await handler.handle({
      ...sending,
      stream: target.stream,
      decider: shipmentDecider,
      command: { type: 'CancelShipment', orderId, customerId: read.order.customerId, ...why },
    });
    const order = await handler.handle({
      stream: orderStream(orderId),
      decider: orderDecider,
      command: { type: 'CancelOrder', ...firstWhy(shipment.state, why) },
      context: following(sending.context, 'order'),
    });
    const position = later(shipment.position, order.position);
    const etag = await orderTagNow(store, orderId, order.revision, position);
    return commandAnswer(200, { orderId, status: 'cancelled' }, { ...order, position }, etag);
  });
}

interface Why {
  readonly reason?: string;
  readonly cancelledBy: string;
}

/** Why and by whom it was cancelled first, which may have been another request that got no further. */
function firstWhy(shipment: ShipmentState, own: Why): Why {
  if (shipment.status !== 'cancelled') return own;
  const { reason, cancelledBy } = shipment;
  return { ...(reason !== undefined && { reason }), cancelledBy };
}

/** Throws `StaleRevision`, unless an earlier attempt at the same request got as far as moving the order on itself. */
async function mustMatch(
  store: EventStore,
  { order, revision }: OrderRead,
  ifMatch: Revisions,
  shipment: string,
  { context, lookFrom }: Sending,
): Promise<void> {
  if (ifMatch.includes(revision)) return;
  if (lookFrom !== undefined) {
    for await (const { metadata } of store.read(shipment, { from: lookFrom }))
      if (metadata.commandId === context.commandId) return;
  }
  throw new StaleRevision(orderStream(order.orderId), revision, ifMatch);
}
