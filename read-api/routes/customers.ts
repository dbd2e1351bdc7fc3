import { z } from 'zod';
import { CustomerId } from '../../domain/kernel/ids.ts';
import { ResourceNotFound } from '../../platform/http/response/errors.ts';
import { defineRoute, type Route } from '../../platform/http/route.ts';
import {
  type CustomerDocument,
  CustomerResponse,
  customerWithoutOrders,
} from '../../projections/customers/document.ts';
import { customersProjection } from '../../projections/customers/projection.ts';
import { findCustomers, getCustomer } from '../../projections/customers/queries.ts';
import { exactAmount } from '../../projections/documents/amount.ts';
import { mapPage } from '../../projections/documents/page.ts';
import { search } from '../requests/parameters.ts';
import { staff } from '../requests/permissions.ts';
import { documentResponse, pageResponse } from '../responses/document-responses.ts';
import { documentEtag } from '../responses/etags.ts';
import type { FreshReads } from '../waiting/fresh-reads.ts';
import { documentRoute, listRoute } from './route-parts.ts';

const params = z.object({
  customerId: CustomerId.meta({
    description: 'The id of the customer, percent-encoded; a customer with the id `me` is `%6De`.',
    example: 'ann@example.com',
  }),
});

export const customerRoutes = (reads: FreshReads): Route[] => [
  defineRoute({
    ...listRoute('A page of customers', CustomerResponse, {
      query: search('Matches each word as a prefix of a word in the id.', 'ann'),
    }),
    path: '/api/v1/customers',
    tag: 'customers',
    summary: 'Customers by id, all or those that match a search',
    description: 'A customer is listed from the first order on.',
    roles: staff,
    handle: (request) => {
      const { query } = request.query;
      const scope = { list: 'customers', filters: [query], keys: 2 };
      return pageResponse(scope, request.query, async (page) => {
        const documents = await reads.documents(customersProjection, request);
        return mapPage(await findCustomers(documents, query, page), shown);
      });
    },
  }),

  defineRoute({
    ...documentRoute('The caller', CustomerResponse),
    path: '/api/v1/customers/me',
    tag: 'customers',
    summary: 'What the caller has ordered and paid',
    description: 'Without any order, all figures are zero and the times are absent.',
    handle: async (request) => {
      const { sub } = request.caller;
      const documents = await reads.documents(customersProjection, request);
      const stored = await getCustomer(documents, sub);
      const tag = documentEtag(documents, stored?.position ?? 'none');
      return documentResponse(tag, shown(stored?.body ?? customerWithoutOrders(sub)), request);
    },
  }),

  defineRoute({
    ...documentRoute('The customer', CustomerResponse, 'No customer of that id has ordered anything'),
    path: '/api/v1/customers/:customerId',
    tag: 'customers',
    summary: 'What a customer has ordered and paid',
    roles: staff,
    params,
    handle: async (request) => {
      const { customerId } = request.params;
      const documents = await reads.documents(customersProjection, request);
      const stored = await getCustomer(documents, customerId);
      if (stored === undefined) throw new ResourceNotFound('customer', customerId);
      return documentResponse(documentEtag(documents, stored.position), shown(stored.body), request);
    },
  }),
];

/** Converts a stored customer to the form of responses. */
const shown = (customer: CustomerDocument) => ({
  body: { ...customer, spent: customer.spent.map(exactAmount) },
});
