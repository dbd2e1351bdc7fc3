import { defineRoute, type Route } from '../../platform/http/route.ts';
import { PaymentDocument, PaymentStatus } from '../../projections/payments/document.ts';
import { paymentsProjection } from '../../projections/payments/projection.ts';
import { findPayments } from '../../projections/payments/queries.ts';
import { staff, visible } from '../requests/permissions.ts';
import { documentResponse, pageResponse } from '../responses/document-responses.ts';
import { revisionEtag } from '../responses/etags.ts';
import type { FreshReads } from '../waiting/fresh-reads.ts';
import { documentRoute, listRoute, orderParams as params } from './route-parts.ts';

export const paymentRoutes = (reads: FreshReads): Route[] => [
  defineRoute({
    ...listRoute('A page of payments', PaymentDocument, {
      status: PaymentStatus.meta({ description: 'Only payments of this status; required.' }),
    }),
    path: '/api/v1/payments',
    tag: 'payments',
    summary: 'Payments of one status, the one that changed longest ago first',
    description:
      'The outcome of a payment that stays `requested` is unknown: the provider is asked for it with exponential backoff, and an operator who knows it can record it (POST /api/v1/payments/{orderId}/resolve of the command API).',
    roles: staff,
    handle: (request) => {
      const { status } = request.query;
      const scope = { list: 'payments', filters: [status], keys: 2 };
      return pageResponse(scope, request.query, async (page) =>
        findPayments(await reads.documents(paymentsProjection, request), status, page),
      );
    },
  }),

  defineRoute({
    ...documentRoute(
      'The payment',
      PaymentDocument,
      'No payment was requested yet, or the order is not the caller’s',
    ),
    path: '/api/v1/payments/:orderId',
    tag: 'payments',
    summary: 'The payment of an order',
    params,
    handle: async (request) => {
      const { orderId } = request.params;
      const documents = await reads.documents(paymentsProjection, request);
      const payment = visible(request.caller, await documents.get(orderId), 'payment', orderId);
      return documentResponse(revisionEtag('payment', paymentsProjection, payment), payment, request);
    },
  }),
];
