import { z } from 'zod';
import { OrderId } from '../../domain/kernel/ids.ts';
import type { ShipmentState } from '../../domain/shipment/state.ts';
import {
  type CommandResponse,
  commandResponse,
  type Reached,
  reachedFields,
} from '../http/command-response.ts';
import { commandRoute } from '../http/command-route.ts';
import { exampleOrder, OrderPath } from '../orders/existing-order.ts';

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

/** Returns the response with a `Shipment`. Throws `TypeError` if it was not dispatched. */
export function shipmentResponse(orderId: OrderId, state: ShipmentState, reached: Reached): CommandResponse {
  if (state.status !== 'dispatched' && state.status !== 'delivered')
    throw new TypeError(`a dispatched shipment has the status ${state.status}`);
  const { status, carrier, trackingNumber } = state;
  return commandResponse(200, { orderId, status, carrier, trackingNumber }, reached);
}
