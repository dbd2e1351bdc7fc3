import { z } from 'zod';
import { CustomerId, ProductId } from '../../domain/kernel/ids.ts';
import { defineRoute, type Route } from '../../platform/http/route.ts';
import { type ExactAmount, exactAmount } from '../../projections/documents/amount.ts';
import { mapPage } from '../../projections/documents/page.ts';
import {
  SalesDayResponse,
  SalesOfProductResponse,
  SalesToCustomerResponse,
} from '../../projections/sales/document.ts';
import { salesProjection } from '../../projections/sales/projection.ts';
import { findCustomerDays, findDays, findProductDays } from '../../projections/sales/queries.ts';
import { staff } from '../requests/permissions.ts';
import { pageResponse } from '../responses/document-responses.ts';
import type { FreshReads } from '../waiting/fresh-reads.ts';
import { listRoute } from './route-parts.ts';

const Day = z.iso.date('must be a day, such as 2026-01-31');
const days = {
  from: Day.optional().meta({
    description: 'The first day (UTC), inclusive; absent: from the beginning.',
    example: '2026-01-01',
  }),
  to: Day.optional().meta({
    description: 'The last day (UTC), inclusive; absent: to the end.',
    example: '2026-01-31',
  }),
};
const REFUNDS = 'Refunds are taken off on their own day, whenever that had been captured.';

export const salesRoutes = (reads: FreshReads): Route[] => [
  defineRoute({
    ...listRoute('A page of days', SalesDayResponse, days),
    path: '/api/v1/sales/daily',
    tag: 'sales',
    summary: 'Sales by UTC day of capture and currency, the earliest first',
    description: REFUNDS,
    roles: staff,
    handle: (request) => {
      const { from, to } = request.query;
      const scope = { list: 'sales', filters: [from, to], keys: 3 };
      return pageResponse(scope, request.query, async (page) => {
        const documents = await reads.documents(salesProjection, request);
        return mapPage(await findDays(documents, { from, to }, page), shown);
      });
    },
  }),

  defineRoute({
    ...listRoute('A page of products, day by day', SalesOfProductResponse, {
      productId: ProductId.optional().meta({
        description: 'Only sales of this product; absent: all.',
        example: '22000A',
      }),
      ...days,
    }),
    path: '/api/v1/sales/products',
    tag: 'sales',
    summary: 'Sales by UTC day of capture, currency and product, the earliest day first',
    description: `${REFUNDS} An order counts once for each of its products.`,
    roles: staff,
    handle: (request) => {
      const { from, to, productId } = request.query;
      const scope = { list: 'sales of products', filters: [from, to, productId], keys: 4 };
      return pageResponse(scope, request.query, async (page) => {
        const documents = await reads.documents(salesProjection, request);
        return mapPage(await findProductDays(documents, { from, to, productId }, page), shown);
      });
    },
  }),

  defineRoute({
    ...listRoute('A page of customers, day by day', SalesToCustomerResponse, {
      customerId: CustomerId.optional().meta({
        description: 'Only sales to this customer; absent: all.',
        example: 'ann@example.com',
      }),
      ...days,
    }),
    path: '/api/v1/sales/customers',
    tag: 'sales',
    summary: 'Sales by UTC day of capture, currency and customer, the earliest day first',
    description: REFUNDS,
    roles: staff,
    handle: (request) => {
      const { from, to, customerId } = request.query;
      const scope = { list: 'sales to customers', filters: [from, to, customerId], keys: 3 };
      return pageResponse(scope, request.query, async (page) => {
        const documents = await reads.documents(salesProjection, request);
        return mapPage(await findCustomerDays(documents, { from, to, customerId }, page), shown);
      });
    },
  }),
];

/** Converts a row to the form of responses. */
const shown = <Row extends { readonly revenue: ExactAmount }>({ revenue, ...row }: Row) => ({
  body: { ...row, revenue: exactAmount(revenue) },
});
