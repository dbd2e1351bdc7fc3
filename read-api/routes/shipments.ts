import { defineRoute, type Route } from '../../platform/http/route.ts';
import { ShipmentDocument, ShipmentStatus } from '../../projections/shipments/document.ts';
import { shipmentsProjection } from '../../projections/shipments/projection.ts';
import { findShipments } from '../../projections/shipments/queries.ts';
import { sortBy } from '../requests/parameters.ts';
import { staff, visible } from '../requests/permissions.ts';
import { documentResponse, pageResponse } from '../responses/document-responses.ts';
import { revisionEtag } from '../responses/etags.ts';
import type { FreshReads } from '../waiting/fresh-reads.ts';
import { documentRoute, listRoute, orderParams as params } from './route-parts.ts';

export const shipmentRoutes = (reads: FreshReads): Route[] => [
  defineRoute({
    ...listRoute('A page of shipments', ShipmentDocument, {
      status: ShipmentStatus.optional().meta({ description: 'Only shipments of this status; absent: all.' }),
      sort: sortBy('oldest', 'shipments'),
    }),
    path: '/api/v1/shipments',
    tag: 'shipments',
    summary: 'Shipments by time of their request',
    description:
      'Shipments that wait for dispatch have the status `requested`. One that was cancelled before it was requested is sorted by the time of cancellation.',
    roles: staff,
    handle: (request) => {
      const { status, sort } = request.query;
      const scope = { list: 'shipments', filters: [status, sort], keys: 2 };
      return pageResponse(scope, request.query, async (page) =>
        findShipments(await reads.documents(shipmentsProjection, request), { status, sort }, page),
      );
    },
  }),

  defineRoute({
    ...documentRoute(
      'The shipment',
      ShipmentDocument,
      'No shipment was requested yet, or the order is not the caller’s',
    ),
    path: '/api/v1/shipments/:orderId',
    tag: 'shipments',
    summary: 'The shipment of an order',
    params,
    handle: async (request) => {
      const { orderId } = request.params;
      const documents = await reads.documents(shipmentsProjection, request);
      const shipment = visible(request.caller, await documents.get(orderId), 'shipment', orderId);
      return documentResponse(revisionEtag('shipment', shipmentsProjection, shipment), shipment, request);
    },
  }),
];
