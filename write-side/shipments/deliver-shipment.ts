import { aggregate } from '../../command-handling/aggregates.ts';
import type { CommandContext, CommandHandler } from '../../command-handling/command-handler.ts';
import { DomainError } from '../../domain/kernel/domain-error.ts';
import type { OrderId } from '../../domain/kernel/ids.ts';
import { defineRoute } from '../../platform/http/route.ts';
import type { CommandRoute } from '../command-services.ts';
import { type Reached, success } from '../http/command-response.ts';
import { followUpContext } from '../http/run-command.ts';
import { unknownOrder } from '../orders/existing-order.ts';
import { runShipmentCommand, Shipment, shipmentRoute } from './run-shipment-command.ts';

export const deliverShipment: CommandRoute = (services) =>
  defineRoute({
    ...shipmentRoute,
    path: '/api/v1/shipments/:orderId/deliver',
    summary: 'Records that the parcel has arrived',
    responses: { 200: success('delivered, now or before', Shipment) },
    problems: { ...unknownOrder, 409: 'it was not dispatched' },
    handle: (request) => {
      const { orderId } = request.params;
      const command = { type: 'DeliverShipment', deliveredAt: services.clock().toISOString() } as const;
      return runShipmentCommand(services, request, orderId, command, (context) =>
        markDelivered(services.handler, orderId, followUpContext(context, 'order')),
      );
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
