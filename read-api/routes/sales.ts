import { z } from 'zod';
import { defineRoute, type Route } from '../../platform/http/route.ts';
import { salesProjection } from '../../projections/sales/projection.ts';
import { findSales } from '../../projections/sales/queries.ts';
import { listAnswer, pageRequest } from '../answers.ts';
import { freshness, freshnessHeaders, paging } from '../parameters.ts';
import { staff } from '../permissions.ts';
import type { Reading } from '../reading.ts';
import { SalesDay } from '../schemas.ts';
import { aPage, BEHIND } from './describe.ts';

export const salesRoutes = (reading: Reading): Route[] => [
  defineRoute({
    method: 'get',
    path: '/api/v1/sales/daily',
    tag: 'sales',
    summary: 'Sales by UTC day of capture and currency, the earliest first',
    description: 'Refunds are taken off on their own day, whenever that had been captured.',
    roles: staff,
    query: z.strictObject({
      from: z.iso.date().optional(),
      to: z.iso.date().optional(),
      ...paging,
      ...freshness,
    }),
    headers: freshnessHeaders,
    responses: aPage('A page of days', SalesDay),
    problems: { 504: BEHIND },
    handle: async (request) => {
      const { from, to } = request.query;
      const scope = { list: 'sales', filters: [from, to], keys: 3 };
      const page = pageRequest(scope, request.query);
      const documents = await reading.documents(salesProjection, request);
      return listAnswer(scope, await findSales(documents, { from, to }, page));
    },
  }),
];
