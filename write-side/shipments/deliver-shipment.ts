import { aggregate } from '../../command-handling/aggregates.ts';
import type { CommandContext, CommandHandler } from '../../command-handling/command-handler.ts';
import { DomainError } from '../../domain/kernel/domain-error.ts';
import type { OrderId } from '../../domain/kernel/ids.ts';
import { defineRoute } from '../../platform/http/route.ts';
import type { CommandRoute } from '../command-services.ts';
import { later, type Reached, success } from '../http/command-response.ts';
import { followUpContext } from '../http/run-command.ts';
import { readOrder, unknownOrder } from '../orders/existing-order.ts';
import { Shipment, shipmentResponse, shipmentRoute } from './shipment-response.ts';

export const deliverShipment: CommandRoute = ({ handler, store, runCommand, clock }) =>
  defineRoute({
    ...shipmentRoute,
    path: '/api/v1/shipments/:orderId/deliver',
    summary: 'Records that the parcel has arrived',
    responses: { 200: success('delivered, now or before', Shipment) },
    problems: { ...unknownOrder, 409: 'it was not dispatched' },
    handle: async (request) => {
      const { orderId } = request.params;
      await readOrder(store, orderId, request.caller);
      const shipment = aggregate('shipment', orderId);
      const target = { stream: shipment.stream, part: 'shipment', correlationId: orderId } as const;
      return runCommand(request, target, async (options) => {
        const { state, ...reached } = await handler.handle({
          ...shipment,
          ...options,
          command: { type: 'DeliverShipment', deliveredAt: clock().toISOString() },
        });
        const order = await markDelivered(handler, orderId, followUpContext(options.context, 'order'));
        const position = later(reached.position, order?.position);
        return shipmentResponse(orderId, state, { ...reached, position });
      });
    },
  });

/** Marks a shipped order as delivered. The fulfilment does so in any case; this route only does it sooner. */
async function markDelivered(
  handler: CommandHandler,
  orderId: OrderId,
  context: CommandContext,
): Promise<Reached | undefined> {
  try {
    const command = { type: 'MarkOrderDelivered' } as const;
    return await handler.handle({ ...aggregate('order', orderId), command, context });
  } catch (error) {
    if (error instanceof DomainError) return undefined;
    throw error;
  }
}
