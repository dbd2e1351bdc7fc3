import { z } from 'zod';
import { partsTag } from '../../platform/http/response/etags.ts';
import { defineRoute, type Route } from '../../platform/http/route.ts';
import { ShipmentDocument, ShipmentStatus } from '../../projections/shipments/document.ts';
import { shipmentsProjection } from '../../projections/shipments/projection.ts';
import { findShipments, getShipment } from '../../projections/shipments/queries.ts';
import type { Stored } from '../../read-store/read-store.ts';
import { documentHeaders, freshness, freshnessHeaders, paging, sortBy } from '../requests/parameters.ts';
import { staff, visible } from '../requests/permissions.ts';
import { documentPageResponse, documentResponse, pageRequest } from '../responses/document-responses.ts';
import { fieldsParameter } from '../responses/field-selection.ts';
import type { FreshReads } from '../waiting/fresh-reads.ts';
import { BEHIND, oneDocument, onePage, orderParams as params } from './route-parts.ts';

export const shipmentRoutes = (reads: FreshReads): Route[] => [
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
      fields: fieldsParameter(ShipmentDocument),
      ...paging,
      ...freshness,
    }),
    headers: freshnessHeaders,
    responses: onePage('A page of shipments', ShipmentDocument),
    problems: { 504: BEHIND },
    handle: async (request) => {
      const { status, sort } = request.query;
      const scope = { list: 'shipments', filters: [status, sort], keys: 2 };
      const page = pageRequest(scope, request.query);
      const documents = await reads.documents(shipmentsProjection, request);
      return documentPageResponse(
        scope,
        await findShipments(documents, { status, sort }, page),
        request.query,
      );
    },
  }),

  defineRoute({
    method: 'get',
    path: '/api/v1/shipments/:orderId',
    tag: 'shipments',
    summary: 'The shipment of an order',
    params,
    query: z.strictObject({ fields: fieldsParameter(ShipmentDocument), ...freshness }),
    headers: documentHeaders,
    responses: oneDocument('The shipment', ShipmentDocument),
    problems: { 404: 'Nothing was asked for yet, or the order is not the caller’s', 504: BEHIND },
    handle: async (request) => {
      const { orderId } = request.params;
      const documents = await reads.documents(shipmentsProjection, request);
      const shipment = visible(request.caller, await getShipment(documents, orderId), 'shipment', orderId);
      return documentResponse(shipmentEtag(shipment), shipment, request);
    },
  }),
];

const shipmentEtag = ({ position, body }: Stored<ShipmentDocument>): string =>
  partsTag({ shipment: body.revision, at: position, v: shipmentsProjection.version });
