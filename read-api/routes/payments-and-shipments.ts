import { z } from 'zod';
import { defineRoute, type Route } from '../../platform/http/route.ts';
import { PaymentDocument, PaymentStatus } from '../../projections/payments/document.ts';
import { paymentsProjection } from '../../projections/payments/projection.ts';
import { findPayments, getPayment } from '../../projections/payments/queries.ts';
import { ShipmentDocument, ShipmentStatus } from '../../projections/shipments/document.ts';
import { shipmentsProjection } from '../../projections/shipments/projection.ts';
import { findShipments, getShipment } from '../../projections/shipments/queries.ts';
import { documentHeaders, freshness, freshnessHeaders, paging, sortBy } from '../requests/parameters.ts';
import { staff, visible } from '../requests/permissions.ts';
import { paymentTag, shipmentTag } from '../responses/document-tags.ts';
import { fieldsOf } from '../responses/fields.ts';
import { documentAnswer, documentsAnswer, pageRequest } from '../responses/responses.ts';
import type { Reading } from '../waiting/reading.ts';
import { aPage, BEHIND, oneDocument, ofOrder as params } from './describe.ts';

export const paymentAndShipmentRoutes = (reading: Reading): Route[] => [
  defineRoute({
    method: 'get',
    path: '/api/v1/payments',
    tag: 'payments',
    summary: 'Payments of one status, those first that have been so for the longest',
    description:
      'One that stays requested is in doubt: the provider is asked for what became of it, ever less often, and an operator who knows may say so (POST /api/v1/payments/{orderId}/resolve of the command API).',
    roles: staff,
    query: z.strictObject({
      status: PaymentStatus.meta({ description: 'Only payments of this status; required.' }),
      fields: fieldsOf(PaymentDocument),
      ...paging,
      ...freshness,
    }),
    headers: freshnessHeaders,
    responses: aPage('A page of payments', PaymentDocument),
    problems: { 504: BEHIND },
    handle: async (request) => {
      const { status } = request.query;
      const scope = { list: 'payments', filters: [status], keys: 2 };
      const page = pageRequest(scope, request.query);
      const documents = await reading.documents(paymentsProjection, request);
      const found = await findPayments(documents, status, page);
      return documentsAnswer(scope, found, request.query);
    },
  }),

  defineRoute({
    method: 'get',
    path: '/api/v1/payments/:orderId',
    tag: 'payments',
    summary: 'The payment of an order',
    params,
    query: z.strictObject({ fields: fieldsOf(PaymentDocument), ...freshness }),
    headers: documentHeaders,
    responses: oneDocument('The payment', PaymentDocument),
    problems: { 404: 'Nothing was asked for yet, or the order is not the caller’s', 504: BEHIND },
    handle: async (request) => {
      const { orderId } = request.params;
      const documents = await reading.documents(paymentsProjection, request);
      const payment = visible(request.caller, await getPayment(documents, orderId), 'payment', orderId);
      return documentAnswer(paymentTag(payment), payment, request);
    },
  }),

  defineRoute({
    method: 'get',
    path: '/api/v1/shipments',
    tag: 'shipments',
    summary: 'Shipments by time of their request',
    description:
      'Shipments that wait for dispatch have the status `requested`. One that was cancelled before it was requested is sorted by the time of cancellation.',
    roles: staff,
    query: z.strictObject({
      status: ShipmentStatus.optional().meta({ description: 'Only shipments of this status; absent: all.' }),
      sort: sortBy('oldest', 'shipments'),
      fields: fieldsOf(ShipmentDocument),
      ...paging,
      ...freshness,
    }),
    headers: freshnessHeaders,
    responses: aPage('A page of shipments', ShipmentDocument),
    problems: { 504: BEHIND },
    handle: async (request) => {
      const { status, sort } = request.query;
      const scope = { list: 'shipments', filters: [status, sort], keys: 2 };
      const page = pageRequest(scope, request.query);
      const documents = await reading.documents(shipmentsProjection, request);
      return documentsAnswer(scope, await findShipments(documents, { status, sort }, page), request.query);
    },
  }),

  defineRoute({
    method: 'get',
    path: '/api/v1/shipments/:orderId',
    tag: 'shipments',
    summary: 'The shipment of an order',
    params,
    query: z.strictObject({ fields: fieldsOf(ShipmentDocument), ...freshness }),
    headers: documentHeaders,
    responses: oneDocument('The shipment', ShipmentDocument),
    problems: { 404: 'Nothing was asked for yet, or the order is not the caller’s', 504: BEHIND },
    handle: async (request) => {
      const { orderId } = request.params;
      const documents = await reading.documents(shipmentsProjection, request);
      const shipment = visible(request.caller, await getShipment(documents, orderId), 'shipment', orderId);
      return documentAnswer(shipmentTag(shipment), shipment, request);
    },
  }),
];
