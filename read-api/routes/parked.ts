import { z } from 'zod';
import { ResourceNotFound } from '../../platform/http/response/errors.ts';
import { defineRoute, type Route } from '../../platform/http/route.ts';
import { ParkedItem } from '../../projections/parked/document.ts';
import { parkedProjection } from '../../projections/parked/projection.ts';
import { findParkedItems, getParkedItem } from '../../projections/parked/queries.ts';
import { documentHeaders, freshness, freshnessHeaders, paging } from '../requests/parameters.ts';
import { staff } from '../requests/permissions.ts';
import { documentResponse, pageRequest, pageResponse } from '../responses/document-responses.ts';
import { documentEtag } from '../responses/etags.ts';
import { fieldsParameter } from '../responses/field-selection.ts';
import type { FreshReads } from '../waiting/fresh-reads.ts';
import { BEHIND, oneDocument, onePage } from './route-parts.ts';

const { reason, kind } = ParkedItem.shape;

export const parkedRoutes = (reads: FreshReads): Route[] => [
  defineRoute({
    method: 'get',
    path: '/api/v1/parked',
    tag: 'parked items',
    summary: 'Parked items, the item parked last first',
    description:
      'Work of process managers that failed and waits for an operator. The command API replays and discards it.',
    roles: staff,
    query: z.strictObject({
      reason: reason.optional().meta({ description: 'Only items parked for this reason.' }),
      kind: kind.optional().meta({ description: 'Only items of this kind.' }),
      orderId: z.string().min(1).max(200).optional().meta({ description: 'Only items of this order.' }),
      fields: fieldsParameter(ParkedItem),
      ...paging,
      ...freshness,
    }),
    headers: freshnessHeaders,
    responses: onePage('A page of parked items', ParkedItem),
    problems: { 504: BEHIND },
    handle: async (request) => {
      const { reason, kind, orderId } = request.query;
      const scope = { list: 'parked', filters: [reason, kind, orderId], keys: 2 };
      const page = pageRequest(scope, request.query);
      const documents = await reads.documents(parkedProjection, request);
      const found = await findParkedItems(documents, { reason, kind, orderId }, page);
      return pageResponse(scope, found, request.query);
    },
  }),

  defineRoute({
    method: 'get',
    path: '/api/v1/parked/:id',
    tag: 'parked items',
    summary: 'One parked item',
    roles: staff,
    params: z.object({
      id: z
        .string()
        .regex(/^[0-9a-f]{24}$/, 'the id of a parked item is 24 hexadecimal digits')
        .meta({
          description: 'The id of the parked item, from the list.',
          example: '5f7c2d0a9b1e4c3d8f6a7b21',
        }),
    }),
    query: z.strictObject({ fields: fieldsParameter(ParkedItem), ...freshness }),
    headers: documentHeaders,
    responses: oneDocument('The parked item', ParkedItem),
    problems: { 404: 'No such item is parked: it was replayed, discarded, or never parked', 504: BEHIND },
    handle: async (request) => {
      const { id } = request.params;
      const documents = await reads.documents(parkedProjection, request);
      const item = await getParkedItem(documents, id);
      if (item === undefined) throw new ResourceNotFound('parked item', id);
      return documentResponse(documentEtag(documents, item.position), item, request);
    },
  }),
];
