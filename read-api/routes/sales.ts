import { z } from 'zod';
import { defineRoute, type Route } from '../../platform/http/route.ts';
import type { ExactAmount } from '../../projections/documents/amount.ts';
import { CustomerId, ProductId } from '../../projections/documents/ids.ts';
import { mapPage } from '../../projections/documents/page.ts';
import {
  SalesDayResponse,
  SalesOfProductResponse,
  SalesToCustomerResponse,
} from '../../projections/sales/document.ts';
import { salesProjection } from '../../projections/sales/projection.ts';
import { findCustomerDays, findDays, findProductDays } from '../../projections/sales/queries.ts';
import { freshness, freshnessHeaders, paging } from '../requests/parameters.ts';
import { staff } from '../requests/permissions.ts';
import { exactPageResponse, pageRequest } from '../responses/document-responses.ts';
import { exactAmount } from '../responses/exact-amount.ts';
import { fieldsParameter } from '../responses/field-selection.ts';
import type { FreshReads } from '../waiting/fresh-reads.ts';
import { BEHIND, onePage } from './route-parts.ts';

const Day = z.iso.date('must be a day, such as 2026-01-31');
const parameters = {
  from: Day.optional().meta({
    description: 'The first day (UTC), inclusive; absent: from the beginning.',
    example: '2026-01-01',
  }),
  to: Day.optional().meta({
    description: 'The last day (UTC), inclusive; absent: to the end.',
    example: '2026-01-31',
  }),
  ...paging,
  ...freshness,
};
const REFUNDS = 'Refunds are taken off on their own day, whenever that had been captured.';

export const salesRoutes = (reads: FreshReads): Route[] => [
  defineRoute({
    method: 'get',
    path: '/api/v1/sales/daily',
    tag: 'sales',
    summary: 'Sales by UTC day of capture and currency, the earliest first',
    description: REFUNDS,
    roles: staff,
    query: z.strictObject({ fields: fieldsParameter(SalesDayResponse), ...parameters }),
    headers: freshnessHeaders,
    responses: onePage('A page of days', SalesDayResponse),
    problems: { 504: BEHIND },
    handle: async (request) => {
      const { from, to } = request.query;
      const scope = { list: 'sales', filters: [from, to], keys: 3 };
      const page = pageRequest(scope, request.query);
      const documents = await reads.documents(salesProjection, request);
      const found = await findDays(documents, { from, to }, page);
      return exactPageResponse(scope, mapPage(found, withExactRevenue), request.query);
    },
  }),

  defineRoute({
    method: 'get',
    path: '/api/v1/sales/products',
    tag: 'sales',
    summary: 'Sales by UTC day of capture, currency and product, the earliest day first',
    description: `${REFUNDS} An order counts once for each of its products.`,
    roles: staff,
    query: z.strictObject({
      productId: ProductId.optional().meta({
        description: 'Only sales of this product; absent: all.',
        example: '22000A',
      }),
      fields: fieldsParameter(SalesOfProductResponse),
      ...parameters,
    }),
    headers: freshnessHeaders,
    responses: onePage('A page of products, day by day', SalesOfProductResponse),
    problems: { 504: BEHIND },
    handle: async (request) => {
      const { from, to, productId } = request.query;
      const scope = { list: 'sales of products', filters: [from, to, productId], keys: 4 };
      const page = pageRequest(scope, request.query);
      const documents = await reads.documents(salesProjection, request);
      const found = await findProductDays(documents, { from, to, productId }, page);
      return exactPageResponse(scope, mapPage(found, withExactRevenue), request.query);
    },
  }),

  defineRoute({
    method: 'get',
    path: '/api/v1/sales/customers',
    tag: 'sales',
    summary: 'Sales by UTC day of capture, currency and customer, the earliest day first',
    description: REFUNDS,
    roles: staff,
    query: z.strictObject({
      customerId: CustomerId.optional().meta({
        description: 'Only sales to this customer; absent: all.',
        example: 'ann@example.com',
      }),
      fields: fieldsParameter(SalesToCustomerResponse),
      ...parameters,
    }),
    headers: freshnessHeaders,
    responses: onePage('A page of customers, day by day', SalesToCustomerResponse),
    problems: { 504: BEHIND },
    handle: async (request) => {
      const { from, to, customerId } = request.query;
      const scope = { list: 'sales to customers', filters: [from, to, customerId], keys: 3 };
      const page = pageRequest(scope, request.query);
      const documents = await reads.documents(salesProjection, request);
      const found = await findCustomerDays(documents, { from, to, customerId }, page);
      return exactPageResponse(scope, mapPage(found, withExactRevenue), request.query);
    },
  }),
];

const withExactRevenue = <Row extends { readonly revenue: ExactAmount }>({ revenue, ...row }: Row) => ({
  ...row,
  revenue: exactAmount(revenue),
});
