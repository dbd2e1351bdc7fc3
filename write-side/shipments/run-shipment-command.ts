import { z } from 'zod';
import { aggregate } from '../../command-handling/aggregates.ts';
import type { CommandContext } from '../../command-handling/command-handler.ts';
import { OrderId } from '../../domain/kernel/ids.ts';
import type { DeliverShipment, DispatchShipment } from '../../domain/shipment/commands.ts';
import type { RouteResponse } from '../../platform/http/route.ts';
import type { CommandServices } from '../command-services.ts';
import { commandResponse, later, type Reached, reachedFields } from '../http/command-response.ts';
import { commandRoute } from '../http/command-route.ts';
import type { CommandHttpRequest } from '../http/run-command.ts';
import { exampleOrder, OrderPath, readOrder } from '../orders/existing-order.ts';

/** What all routes of shipments declare. */
export const shipmentRoute = {
  ...commandRoute,
  method: 'post',
  tag: 'shipments',
  roles: ['operator', 'admin'],
  params: OrderPath,
} as const;

export const Shipment = z
  .object({
    orderId: OrderId,
    status: z.enum(['dispatched', 'delivered']),
    carrier: z.string(),
    trackingNumber: z.string(),
    ...reachedFields,
  })
  .meta({
    id: 'Shipment',
    example: {
      orderId: exampleOrder,
      status: 'dispatched',
      carrier: 'Royal Mail',
      trackingNumber: 'RM123456789GB',
      revision: '1',
      position: '6120',
    },
  });

/**
 * Runs a command on the shipment of an order, and `next` after it, which may return a later position. Responds with the
 * `Shipment`. Throws `ResourceNotFound`.
 */
export async function runShipmentCommand(
  { handler, store, runCommand }: CommandServices,
  request: CommandHttpRequest,
  orderId: OrderId,
  command: DispatchShipment | DeliverShipment,
  next: (context: CommandContext) => Promise<Reached | undefined> = async () => undefined,
): Promise<RouteResponse> {
  await readOrder(store, orderId, request.caller);
  const shipment = aggregate('shipment', orderId);
  return runCommand(request, { ...shipment, part: 'shipment', correlationId: orderId }, async (options) => {
    const { state, revision, position } = await handler.handle({ ...shipment, ...options, command });
    if (state.status !== 'dispatched' && state.status !== 'delivered')
      throw new TypeError(`a dispatched shipment has the status ${state.status}`);
    const { status, carrier, trackingNumber } = state;
    const reached = { revision, position: later(position, (await next(options.context))?.position) };
    return commandResponse(200, { orderId, status, carrier, trackingNumber }, reached);
  });
}
