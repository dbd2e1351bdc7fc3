import { z } from 'zod';
import { defineRoute, type Route } from '../../platform/http/route.ts';
import { OrderId } from '../../projections/ids.ts';
import { paymentsProjection } from '../../projections/payments/projection.ts';
import { getPayment } from '../../projections/payments/queries.ts';
import { shipmentsProjection } from '../../projections/shipments/projection.ts';
import { getShipment } from '../../projections/shipments/queries.ts';
import { documentAnswer } from '../answers.ts';
import { fieldsOf } from '../fields.ts';
import { freshness, freshnessHeaders } from '../parameters.ts';
import { visible } from '../permissions.ts';
import type { Reading } from '../reading.ts';
import { Payment, Shipment } from '../schemas.ts';
import { BEHIND, oneDocument } from './describe.ts';

const params = z.object({ orderId: OrderId });

export const paymentAndShipmentRoutes = (reading: Reading): Route[] => [
  defineRoute({
    method: 'get',
    path: '/api/v1/payments/:orderId',
    tag: 'payments',
    summary: 'The payment of an order',
    params,
    query: z.strictObject({ fields: fieldsOf(Payment), ...freshness }),
    headers: freshnessHeaders,
    responses: oneDocument('The payment', Payment),
    problems: { 404: 'Nothing was asked for yet, or the order is not the caller’s', 504: BEHIND },
    handle: async (request) => {
      const { orderId } = request.params;
      const documents = await reading.documents(paymentsProjection, request);
      const payment = visible(request.caller, await getPayment(documents, orderId), 'payment', orderId);
      return documentAnswer(documents, payment, request);
    },
  }),

  defineRoute({
    method: 'get',
    path: '/api/v1/shipments/:orderId',
    tag: 'shipments',
    summary: 'The shipment of an order',
    params,
    query: z.strictObject({ fields: fieldsOf(Shipment), ...freshness }),
    headers: freshnessHeaders,
    responses: oneDocument('The shipment', Shipment),
    problems: { 404: 'Nothing was asked for yet, or the order is not the caller’s', 504: BEHIND },
    handle: async (request) => {
      const { orderId } = request.params;
      const documents = await reading.documents(shipmentsProjection, request);
      const shipment = visible(request.caller, await getShipment(documents, orderId), 'shipment', orderId);
      return documentAnswer(documents, shipment, request);
    },
  }),
];
