import { z } from 'zod';
import type { CommandContext, CommandHandler } from '../../command-handling/command-handler.ts';
import type { OrderId } from '../../domain/kernel/ids.ts';
import { Refusal } from '../../domain/kernel/refusal.ts';
import { orderDecider } from '../../domain/order/decider.ts';
import { shipmentDecider } from '../../domain/shipment/decider.ts';
import type { ShipmentState } from '../../domain/shipment/state.ts';
import { orderStream, shipmentStream } from '../../event-catalogue/streams.ts';
import type { EventStore } from '../../event-store/event-store.ts';
import { defineRoute, type Route } from '../../platform/http/route.ts';
import { CommandHeaders, OrderPath, text } from '../inputs.ts';
import { readOrder } from '../orders/read-order.ts';
import { following, type Perform } from '../perform.ts';
import { keyProblem, stale } from '../problem-texts.ts';
import { answer, commandAnswer, later, type Reached, ShipmentAnswer } from '../responses.ts';

export interface ShipmentRoutesOptions {
  readonly handler: CommandHandler;
  readonly store: EventStore;
  readonly perform: Perform;
  readonly clock: () => Date;
}

const Dispatch = z
  .strictObject({ carrier: text(100), trackingNumber: text(100) })
  .meta({ id: 'Dispatch', example: { carrier: 'Royal Mail', trackingNumber: 'RM123456789GB' } });

const ofShipments = {
  method: 'post',
  tag: 'shipments',
  roles: ['operator', 'admin'],
  params: OrderPath,
  headers: CommandHeaders,
} as const;
const unknownOrder = { 404: 'there is no such order' };

export function shipmentRoutes({ handler, store, perform, clock }: ShipmentRoutesOptions): readonly Route[] {
  const dispatch = defineRoute({
    ...ofShipments,
    path: '/api/v1/shipments/:orderId/dispatch',
    summary: 'Hands the parcel to a carrier',
    body: Dispatch,
    responses: { 200: answer('dispatched, now or before with the same number', ShipmentAnswer) },
    problems: {
      ...unknownOrder,
      409: 'no shipment was asked for yet, it was cancelled, or dispatched with another number',
      412: stale,
      422: keyProblem,
    },
    handle: async (request) => {
      const { orderId } = request.params;
      const { carrier, trackingNumber } = request.body;
      await readOrder(store, orderId, request.caller);
      const target = { stream: shipmentStream(orderId), part: 'shipment', correlationId: orderId } as const;
      return perform(request, target, async (sending) => {
        const { state, ...reached } = await handler.handle({
          ...sending,
          stream: target.stream,
          decider: shipmentDecider,
          command: { type: 'DispatchShipment', carrier, trackingNumber, dispatchedAt: clock().toISOString() },
        });
        return shipmentAnswer(orderId, state, reached);
      });
    },
  });

  const deliver = defineRoute({
    ...ofShipments,
    path: '/api/v1/shipments/:orderId/deliver',
    summary: 'Notes that the parcel has arrived',
    responses: { 200: answer('delivered, now or before', ShipmentAnswer) },
    problems: { ...unknownOrder, 409: 'it was not dispatched', 412: stale, 422: keyProblem },
    handle: async (request) => {
      const { orderId } = request.params;
      await readOrder(store, orderId, request.caller);
      const target = { stream: shipmentStream(orderId), part: 'shipment', correlationId: orderId } as const;
      return perform(request, target, async (sending) => {
        const shipment = await handler.handle({
          ...sending,
          stream: target.stream,
          decider: shipmentDecider,
          command: { type: 'DeliverShipment', deliveredAt: clock().toISOString() },
        });
        const order = await markDelivered(handler, orderId, following(sending.context, 'order'));
        const position = later(shipment.position, order?.position);
        return shipmentAnswer(orderId, shipment.state, { ...shipment, position });
      });
    },
  });

  return [dispatch, deliver];
}

/** Only a shortcut: an order that is not marked as shipped yet is brought there by its fulfilment. */
async function markDelivered(
  handler: CommandHandler,
  orderId: OrderId,
  context: CommandContext,
): Promise<Reached | undefined> {
  try {
    return await handler.handle({
      stream: orderStream(orderId),
      decider: orderDecider,
      command: { type: 'MarkOrderDelivered' },
      context,
    });
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}

function shipmentAnswer(orderId: OrderId, state: ShipmentState, { revision, position }: Reached) {
  if (state.status !== 'dispatched' && state.status !== 'delivered')
    throw new TypeError(`a parcel on its way is ${state.status}`);
  const { status, carrier, trackingNumber } = state;
  return commandAnswer(200, { orderId, status, carrier, trackingNumber }, { revision, position });
}
