import { CustomerId } from '../../domain/kernel/ids.ts';
import { defineRoute, type Route } from '../../platform/http/route.ts';
import { type OrderDocument, OrderStatus } from '../../projections/orders/document.ts';
import { ordersProjection } from '../../projections/orders/projection.ts';
import { findLastOrders, findOrders } from '../../projections/orders/queries.ts';
import { TimelineResponse } from '../../projections/timeline/document.ts';
import { timelineProjection } from '../../projections/timeline/projection.ts';
import { findTimeline } from '../../projections/timeline/queries.ts';
import type { Stored } from '../../read-store/read-store.ts';
import { sortBy } from '../requests/parameters.ts';
import { customerToList, isStaff, visible } from '../requests/permissions.ts';
import { boundsOf, Time } from '../requests/time-parameters.ts';
import { documentResponse, pageResponse } from '../responses/document-responses.ts';
import { revisionEtag } from '../responses/etags.ts';
import { OrderResponse } from '../responses/order-response.ts';
import {
  allWithPersonalData,
  type Decrypt,
  jsonWithPersonalData,
  withPersonalData,
} from '../responses/personal-data.ts';
import { checkMayFollow, timelineEntryFor } from '../responses/timeline-entry.ts';
import type { FreshReads } from '../waiting/fresh-reads.ts';
import { BEHIND, documentRoute, listRoute, orderParams as params } from './route-parts.ts';

const NOT_FOUND = 'There is no such order, or it is not the caller’s';
const TIMES = 'ISO 8601 with its zone (write `+` as `%2B`), or a day, which means its beginning in UTC.';

export const orderRoutes = (reads: FreshReads, decrypt: Decrypt): Route[] => [
  defineRoute({
    ...listRoute('A page of orders', OrderResponse, {
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
    }),
    path: '/api/v1/orders',
    tag: 'orders',
    summary: 'Orders by time of placing',
    description: 'Customers see their own.',
    problems: { 403: 'The customerId is not the caller’s own', 504: BEHIND },
    handle: async (request) => {
      const { status, fields, sort } = request.query;
      const customerId = customerToList(request.caller, request.query.customerId);
      const { from, to } = boundsOf(request.query);
      const filter = { status, customerId, from, to, sort };
      const scope = { list: 'orders', filters: [status, customerId, from, to, sort], keys: 2 };
      return pageResponse(scope, request.query, async (page) => {
        const documents = await reads.documents(ordersProjection, request);
        const last = fields === undefined ? await findLastOrders(documents, filter, page) : undefined;
        if (last !== undefined) return jsonWithPersonalData(last, decrypt);
        const { items, after } = await findOrders(documents, filter, page);
        return { items: await allWithPersonalData(items, decrypt), after };
      });
    },
  }),

  defineRoute({
    ...documentRoute('The order', OrderResponse, NOT_FOUND),
    path: '/api/v1/orders/:orderId',
    tag: 'orders',
    summary: 'An order',
    params,
    handle: async (request) => {
      const { orderId } = request.params;
      const documents = await reads.documents(ordersProjection, request);
      const order = visible(request.caller, await documents.get(orderId), 'order', orderId);
      const shown = await withPersonalData(order, decrypt);
      return documentResponse(orderEtag(order, shown.body), shown, request);
    },
  }),

  defineRoute({
    ...listRoute('A page of events', TimelineResponse, {}),
    path: '/api/v1/orders/:orderId/timeline',
    tag: 'orders',
    summary: 'Every event of an order’s story, across streams, in order',
    params,
    problems: { 404: NOT_FOUND, 504: BEHIND },
    handle: (request) => {
      const { orderId } = request.params;
      const isForStaff = isStaff(request.caller);
      const scope = { list: 'timeline', filters: [orderId], keys: 2 };
      return pageResponse(scope, request.query, async (page) => {
        const documents = await reads.documents(timelineProjection, request);
        await checkMayFollow(request.caller, documents, orderId);
        const found = await findTimeline(documents, orderId, page);
        const bodies = found.items.map((entry) => ({ body: timelineEntryFor(entry, isForStaff) }));
        return { items: await allWithPersonalData(bodies, decrypt), after: found.after };
      });
    },
  }),
];

/** Returns the ETag of an order. Forgetting the customer changes what the order shows, but adds no event to it. */
function orderEtag(order: Stored<OrderDocument>, shown: object): string {
  const isForgotten = 'forgotten' in shown;
  return revisionEtag('order', ordersProjection, order, isForgotten ? { forgotten: 1 } : {});
}
