import { z } from 'zod';
import { partsTag } from '../../platform/http/response/etags.ts';
import { defineRoute, type Route } from '../../platform/http/route.ts';
import { PaymentDocument, PaymentStatus } from '../../projections/payments/document.ts';
import { paymentsProjection } from '../../projections/payments/projection.ts';
import { findPayments, getPayment } from '../../projections/payments/queries.ts';
import type { Stored } from '../../read-store/read-store.ts';
import { documentHeaders, freshness, freshnessHeaders, paging } from '../requests/parameters.ts';
import { staff, visible } from '../requests/permissions.ts';
import { documentPageResponse, documentResponse, pageRequest } from '../responses/document-responses.ts';
import { fieldsParameter } from '../responses/field-selection.ts';
import type { FreshReads } from '../waiting/fresh-reads.ts';
import { BEHIND, oneDocument, onePage, orderParams as params } from './route-parts.ts';

export const paymentRoutes = (reads: FreshReads): Route[] => [
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
      fields: fieldsParameter(PaymentDocument),
      ...paging,
      ...freshness,
    }),
    headers: freshnessHeaders,
    responses: onePage('A page of payments', PaymentDocument),
    problems: { 504: BEHIND },
    handle: async (request) => {
      const { status } = request.query;
      const scope = { list: 'payments', filters: [status], keys: 2 };
      const page = pageRequest(scope, request.query);
      const documents = await reads.documents(paymentsProjection, request);
      const found = await findPayments(documents, status, page);
      return documentPageResponse(scope, found, request.query);
    },
  }),

  defineRoute({
    method: 'get',
    path: '/api/v1/payments/:orderId',
    tag: 'payments',
    summary: 'The payment of an order',
    params,
    query: z.strictObject({ fields: fieldsParameter(PaymentDocument), ...freshness }),
    headers: documentHeaders,
    responses: oneDocument('The payment', PaymentDocument),
    problems: { 404: 'Nothing was asked for yet, or the order is not the caller’s', 504: BEHIND },
    handle: async (request) => {
      const { orderId } = request.params;
      const documents = await reads.documents(paymentsProjection, request);
      const payment = visible(request.caller, await getPayment(documents, orderId), 'payment', orderId);
      return documentResponse(paymentEtag(payment), payment, request);
    },
  }),
];

const paymentEtag = ({ position, body }: Stored<PaymentDocument>): string =>
  partsTag({ payment: body.revision, at: position, v: paymentsProjection.version });
