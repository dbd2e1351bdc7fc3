import { z } from 'zod';
import { ResourceNotFound } from '../../platform/http/errors.ts';
import { defineRoute, type Route } from '../../platform/http/route.ts';
import { customersProjection } from '../../projections/customers/projection.ts';
import { getCustomer } from '../../projections/customers/queries.ts';
import { CustomerId } from '../../projections/ids.ts';
import { documentAnswer } from '../answers.ts';
import { fieldsOf } from '../fields.ts';
import { freshness, freshnessHeaders } from '../parameters.ts';
import { staff } from '../permissions.ts';
import type { Reading } from '../reading.ts';
import { Customer } from '../schemas.ts';
import { BEHIND, oneDocument } from './describe.ts';

export const customerRoutes = (reading: Reading): Route[] => [
  defineRoute({
    method: 'get',
    path: '/api/v1/customers/:customerId',
    tag: 'customers',
    summary: 'What a customer has ordered and paid',
    roles: staff,
    params: z.object({ customerId: CustomerId }),
    query: z.strictObject({ fields: fieldsOf(Customer), ...freshness }),
    headers: freshnessHeaders,
    responses: oneDocument('The customer', Customer),
    problems: { 404: 'No customer of that id has ordered anything', 504: BEHIND },
    handle: async (request) => {
      const { customerId } = request.params;
      const documents = await reading.documents(customersProjection, request);
      const customer = await getCustomer(documents, customerId);
      if (customer === undefined) throw new ResourceNotFound('customer', customerId);
      return documentAnswer(documents, customer, request);
    },
  }),
];
