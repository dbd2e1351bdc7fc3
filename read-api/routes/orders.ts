import { z } from 'zod';
import { defineRoute, type Route } from '../../platform/http/route.ts';
import { CustomerId, OrderId } from '../../projections/ids.ts';
import { ordersProjection } from '../../projections/orders/projection.ts';
import { findLastOrders, findOrders } from '../../projections/orders/queries.ts';
import { mapPage } from '../../projections/page.ts';
import { timelineProjection } from '../../projections/timeline/projection.ts';
import { findTimeline } from '../../projections/timeline/queries.ts';
import { documentAnswer, documentsAnswer, lastPageAnswer, listAnswer, pageRequest } from '../answers.ts';
import { fieldsOf } from '../fields.ts';
import { freshness, freshnessHeaders, paging } from '../parameters.ts';
import { customerToList, isStaff, visible } from '../permissions.ts';
import type { Reading } from '../reading.ts';
import { Order, OrderStatus, TimelineEntry } from '../schemas.ts';
import { entryOf, mayFollow } from '../timeline-entry.ts';
import { aPage, BEHIND, oneDocument } from './describe.ts';

const params = z.object({ orderId: OrderId });

export const orderRoutes = (reading: Reading): Route[] => [
  defineRoute({
    method: 'get',
    path: '/api/v1/orders',
    tag: 'orders',
    summary: 'Orders, newest first',
    description: 'Customers see their own.',
    query: z.strictObject({
      status: OrderStatus.optional(),
      customerId: CustomerId.optional(),
      fields: fieldsOf(Order),
      ...paging,
      ...freshness,
    }),
    headers: freshnessHeaders,
    responses: aPage('A page of orders', Order),
    problems: { 403: 'The customerId is not the caller’s own', 504: BEHIND },
    handle: async (request) => {
      const { status, fields } = request.query;
      const customerId = customerToList(request.caller, request.query.customerId);
      const scope = { list: 'orders', filters: [status, customerId], keys: 2 };
      const page = pageRequest(scope, request.query);
      const documents = await reading.documents(ordersProjection, request);
      const last =
        fields === undefined ? await findLastOrders(documents, { status, customerId }, page) : undefined;
      if (last !== undefined) return lastPageAnswer(last);
      const found = await findOrders(documents, { status, customerId }, page);
      return documentsAnswer(scope, found, request.query);
    },
  }),

  defineRoute({
    method: 'get',
    path: '/api/v1/orders/:orderId',
    tag: 'orders',
    summary: 'An order',
    params,
    query: z.strictObject({ fields: fieldsOf(Order), ...freshness }),
    headers: freshnessHeaders,
    responses: oneDocument('The order', Order),
    problems: { 404: 'There is no such order, or it is not the caller’s', 504: BEHIND },
    handle: async (request) => {
      const { orderId } = request.params;
      const documents = await reading.documents(ordersProjection, request);
      const order = visible(request.caller, await documents.get(orderId), 'order', orderId);
      return documentAnswer(documents, order, request);
    },
  }),

  defineRoute({
    method: 'get',
    path: '/api/v1/orders/:orderId/timeline',
    tag: 'orders',
    summary: 'Every event of an order’s story, across streams, in order',
    params,
    query: z.strictObject({ fields: fieldsOf(TimelineEntry), ...paging, ...freshness }),
    headers: freshnessHeaders,
    responses: aPage('A page of events', TimelineEntry),
    problems: { 404: 'There is no such order, or it is not the caller’s', 504: BEHIND },
    handle: async (request) => {
      const { orderId } = request.params;
      const scope = { list: 'timeline', filters: [orderId], keys: 2 };
      const page = pageRequest(scope, request.query);
      const documents = await reading.documents(timelineProjection, request);
      await mayFollow(request.caller, documents, orderId);
      const found = await findTimeline(documents, orderId, page);
      const staff = isStaff(request.caller);
      return listAnswer(
        scope,
        mapPage(found, ({ body }) => entryOf(body, staff)),
        request.query,
      );
    },
  }),
];
