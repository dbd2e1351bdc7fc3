import { z } from 'zod';
import { partsTag } from '../../platform/http/response/etags.ts';
import { defineRoute, type Route } from '../../platform/http/route.ts';
import { CustomerId } from '../../projections/documents/ids.ts';
import { mapPage } from '../../projections/documents/page.ts';
import { OrderDocument, OrderStatus } from '../../projections/orders/document.ts';
import { ordersProjection } from '../../projections/orders/projection.ts';
import { findLastOrders, findOrders } from '../../projections/orders/queries.ts';
import { TimelineResponse } from '../../projections/timeline/document.ts';
import { timelineProjection } from '../../projections/timeline/projection.ts';
import { findTimeline } from '../../projections/timeline/queries.ts';
import type { Stored } from '../../read-store/read-store.ts';
import { documentHeaders, freshness, freshnessHeaders, paging, sortBy } from '../requests/parameters.ts';
import { customerToList, isStaff, visible } from '../requests/permissions.ts';
import { boundsOf, Time } from '../requests/time-parameters.ts';
import {
  documentPageResponse,
  documentResponse,
  lastPageResponse,
  pageRequest,
  pageResponse,
} from '../responses/document-responses.ts';
import { fieldsParameter } from '../responses/field-selection.ts';
import { checkMayFollow, timelineEntryFor } from '../responses/timeline-entry.ts';
import type { FreshReads } from '../waiting/fresh-reads.ts';
import { BEHIND, oneDocument, onePage, orderParams as params } from './route-parts.ts';

const TIMES = 'ISO 8601 with its zone (write `+` as `%2B`), or a day, which means its beginning in UTC.';

export const orderRoutes = (reads: FreshReads): Route[] => [
  defineRoute({
    method: 'get',
    path: '/api/v1/orders',
    tag: 'orders',
    summary: 'Orders by time of placing',
    description: 'Customers see their own.',
    query: z.strictObject({
      status: OrderStatus.optional().meta({ description: 'Only orders of this status; absent: all.' }),
      customerId: CustomerId.optional().meta({
        description:
          'Only orders of this customer; absent: all, or those of the caller when it is a customer.',
        example: 'ann@example.com',
      }),
      from: Time.optional().meta({
        description: `Orders placed at this time or later. ${TIMES}`,
        example: '2026-01-31T12:00:00Z',
      }),
      to: Time.optional().meta({
        description: `Orders placed before this time. ${TIMES}`,
        example: '2026-02-01T00:00:00Z',
      }),
      sort: sortBy('newest', 'orders'),
      fields: fieldsParameter(OrderDocument),
      ...paging,
      ...freshness,
    }),
    headers: freshnessHeaders,
    responses: onePage('A page of orders', OrderDocument),
    problems: { 403: 'The customerId is not the caller’s own', 504: BEHIND },
    handle: async (request) => {
      const { status, fields, sort } = request.query;
      const customerId = customerToList(request.caller, request.query.customerId);
      const { from, to } = boundsOf(request.query);
      const filter = { status, customerId, from, to, sort };
      const scope = { list: 'orders', filters: [status, customerId, from, to, sort], keys: 2 };
      const page = pageRequest(scope, request.query);
      const documents = await reads.documents(ordersProjection, request);
      const last = fields === undefined ? await findLastOrders(documents, filter, page) : undefined;
      if (last !== undefined) return lastPageResponse(last);
      const found = await findOrders(documents, filter, page);
      return documentPageResponse(scope, found, request.query);
    },
  }),

  defineRoute({
    method: 'get',
    path: '/api/v1/orders/:orderId',
    tag: 'orders',
    summary: 'An order',
    params,
    query: z.strictObject({ fields: fieldsParameter(OrderDocument), ...freshness }),
    headers: documentHeaders,
    responses: oneDocument('The order', OrderDocument),
    problems: { 404: 'There is no such order, or it is not the caller’s', 504: BEHIND },
    handle: async (request) => {
      const { orderId } = request.params;
      const documents = await reads.documents(ordersProjection, request);
      const order = visible(request.caller, await documents.get(orderId), 'order', orderId);
      return documentResponse(orderEtag(order), order, request);
    },
  }),

  defineRoute({
    method: 'get',
    path: '/api/v1/orders/:orderId/timeline',
    tag: 'orders',
    summary: 'Every event of an order’s story, across streams, in order',
    params,
    query: z.strictObject({ fields: fieldsParameter(TimelineResponse), ...paging, ...freshness }),
    headers: freshnessHeaders,
    responses: onePage('A page of events', TimelineResponse),
    problems: { 404: 'There is no such order, or it is not the caller’s', 504: BEHIND },
    handle: async (request) => {
      const { orderId } = request.params;
      const scope = { list: 'timeline', filters: [orderId], keys: 2 };
      const page = pageRequest(scope, request.query);
      const documents = await reads.documents(timelineProjection, request);
      await checkMayFollow(request.caller, documents, orderId);
      const found = await findTimeline(documents, orderId, page);
      const staff = isStaff(request.caller);
      return pageResponse(
        scope,
        mapPage(found, (entry) => timelineEntryFor(entry, staff)),
        request.query,
      );
    },
  }),
];

/**
 * Returns the ETag of an order: the revision that commands compare, and the position of the newest event in the document,
 * which may be an event of the payment or the shipment.
 */
const orderEtag = ({ position, body }: Stored<OrderDocument>): string =>
  partsTag({ order: body.revision, at: position, v: ordersProjection.version });
