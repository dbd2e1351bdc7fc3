import { z } from 'zod';
import { aggregate } from '../../command-handling/aggregates.ts';
import { defineRoute } from '../../platform/http/route.ts';
import type { CommandRoute } from '../command-services.ts';
import { success } from '../http/command-response.ts';
import { text } from '../http/text-schemas.ts';
import { readOrder, unknownOrder } from '../orders/existing-order.ts';
import { Shipment, shipmentResponse, shipmentRoute } from './shipment-response.ts';

const Dispatch = z
  .strictObject({ carrier: text(100), trackingNumber: text(100) })
  .meta({ id: 'Dispatch', example: { carrier: 'Royal Mail', trackingNumber: 'RM123456789GB' } });

export const dispatchShipment: CommandRoute = ({ handler, store, runCommand, clock }) =>
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
    handle: async (request) => {
      const { orderId } = request.params;
      const { carrier, trackingNumber } = request.body;
      await readOrder(store, orderId, request.caller);
      const shipment = aggregate('shipment', orderId);
      const target = { stream: shipment.stream, part: 'shipment', correlationId: orderId } as const;
      return runCommand(request, target, async (options) => {
        const dispatchedAt = clock().toISOString();
        const { state, ...reached } = await handler.handle({
          ...shipment,
          ...options,
          command: { type: 'DispatchShipment', carrier, trackingNumber, dispatchedAt },
        });
        return shipmentResponse(orderId, state, reached);
      });
    },
  });
