import { z } from 'zod';
import { defineRoute } from '../../platform/http/route.ts';
import type { CommandRoute } from '../command-services.ts';
import { success } from '../http/command-response.ts';
import { text } from '../http/text-schemas.ts';
import { unknownOrder } from '../orders/existing-order.ts';
import { runShipmentCommand, Shipment, shipmentRoute } from './run-shipment-command.ts';

const Dispatch = z
  .strictObject({ carrier: text(100), trackingNumber: text(100) })
  .meta({ id: 'Dispatch', example: { carrier: 'Royal Mail', trackingNumber: 'RM123456789GB' } });

export const dispatchShipment: CommandRoute = (services) =>
  defineRoute({
    ...shipmentRoute,
    path: '/api/v1/shipments/:orderId/dispatch',
    summary: 'Records that a carrier has taken the parcel',
    body: Dispatch,
    responses: { 200: success('dispatched, now or before with the same number', Shipment) },
    problems: {
      ...unknownOrder,
      409: 'the shipment was not requested yet, was cancelled, or was dispatched with another number',
    },
    handle: (request) =>
      runShipmentCommand(services, request, request.params.orderId, {
        type: 'DispatchShipment',
        ...request.body,
        dispatchedAt: services.clock().toISOString(),
      }),
  });
