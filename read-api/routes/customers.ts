import { z } from 'zod';
import { ResourceNotFound } from '../../platform/http/response/errors.ts';
import { defineRoute, type Route } from '../../platform/http/route.ts';
import {
  type CustomerDocument,
  CustomerResponse,
  customerWithoutOrders,
} from '../../projections/customers/document.ts';
import { customersProjection } from '../../projections/customers/projection.ts';
import { findCustomers, getCustomer } from '../../projections/customers/queries.ts';
import { CustomerId } from '../../projections/documents/ids.ts';
import { mapPage } from '../../projections/documents/page.ts';
import { documentHeaders, freshness, freshnessHeaders, paging, search } from '../requests/parameters.ts';
import { staff } from '../requests/permissions.ts';
import { documentResponse, exactPageResponse, pageRequest } from '../responses/document-responses.ts';
import { documentEtag } from '../responses/etags.ts';
import { exactAmount } from '../responses/exact-amount.ts';
import { fieldsParameter } from '../responses/field-selection.ts';
import type { FreshReads } from '../waiting/fresh-reads.ts';
import { BEHIND, oneDocument, onePage } from './route-parts.ts';

const params = z.object({
  customerId: CustomerId.meta({
    description: 'The id of the customer, percent-encoded; a customer with the id `me` is `%6De`.',
    example: 'ann@example.com',
  }),
});

export const customerRoutes = (reads: FreshReads): Route[] => [
  defineRoute({
    method: 'get',
    path: '/api/v1/customers',
    tag: 'customers',
    summary: 'Customers by id, all or those that match a search',
    description: 'A customer is listed from the first order on.',
    roles: staff,
    query: z.strictObject({
      query: search('Matches each word as a prefix of a word in the id.', 'ann'),
      fields: fieldsParameter(CustomerResponse),
      ...paging,
      ...freshness,
    }),
    headers: freshnessHeaders,
    responses: onePage('A page of customers', CustomerResponse),
    problems: { 504: BEHIND },
    handle: async (request) => {
      const { query } = request.query;
      const scope = { list: 'customers', filters: [query], keys: 2 };
      const page = pageRequest(scope, request.query);
      const documents = await reads.documents(customersProjection, request);
      const found = await findCustomers(documents, query, page);
      return exactPageResponse(scope, mapPage(found, customerOf), request.query);
    },
  }),

  defineRoute({
    method: 'get',
    path: '/api/v1/customers/me',
    tag: 'customers',
    summary: 'What the caller has ordered and paid',
    description: 'Without any order, all figures are zero and the times are absent.',
    query: z.strictObject({ fields: fieldsParameter(CustomerResponse), ...freshness }),
    headers: documentHeaders,
    responses: oneDocument('The caller', CustomerResponse),
    problems: { 504: BEHIND },
    handle: async (request) => {
      const { sub } = request.caller;
      const documents = await reads.documents(customersProjection, request);
      const stored = await getCustomer(documents, sub);
      const tag = documentEtag(documents, stored?.position ?? 'none');
      const body = stored === undefined ? customerWithoutOrders(sub) : customerOf(stored.body);
      return documentResponse(tag, { body }, request);
    },
  }),

  defineRoute({
    method: 'get',
    path: '/api/v1/customers/:customerId',
    tag: 'customers',
    summary: 'What a customer has ordered and paid',
    roles: staff,
    params,
    query: z.strictObject({ fields: fieldsParameter(CustomerResponse), ...freshness }),
    headers: documentHeaders,
    responses: oneDocument('The customer', CustomerResponse),
    problems: { 404: 'No customer of that id has ordered anything', 504: BEHIND },
    handle: async (request) => {
      const { customerId } = request.params;
      const documents = await reads.documents(customersProjection, request);
      const stored = await getCustomer(documents, customerId);
      if (stored === undefined) throw new ResourceNotFound('customer', customerId);
      return documentResponse(
        documentEtag(documents, stored.position),
        { body: customerOf(stored.body) },
        request,
      );
    },
  }),
];

/** Converts a stored customer to the form of responses. */
const customerOf = (customer: CustomerDocument) => ({ ...customer, spent: customer.spent.map(exactAmount) });
