import { z } from 'zod';
import { ResourceNotFound } from '../../platform/http/response/errors.ts';
import { defineRoute, type Route } from '../../platform/http/route.ts';
import { mapPage } from '../../projections/documents/page.ts';
import { ParkedItem } from '../../projections/parked/document.ts';
import { parkedProjection } from '../../projections/parked/projection.ts';
import { findParkedItems, getParkedItem } from '../../projections/parked/queries.ts';
import { staff } from '../requests/permissions.ts';
import { documentResponse, pageResponse } from '../responses/document-responses.ts';
import { documentEtag } from '../responses/etags.ts';
import type { FreshReads } from '../waiting/fresh-reads.ts';
import { documentRoute, listRoute } from './route-parts.ts';

const { reason, kind } = ParkedItem.shape;

export const parkedRoutes = (reads: FreshReads): Route[] => [
  defineRoute({
    ...listRoute('A page of parked items', ParkedItem, {
      reason: reason.optional().meta({ description: 'Only items parked for this reason.' }),
      kind: kind.optional().meta({ description: 'Only items of this kind.' }),
      orderId: z.string().min(1).max(200).optional().meta({ description: 'Only items of this order.' }),
    }),
    path: '/api/v1/parked',
    tag: 'parked items',
    summary: 'Parked items, the item parked last first',
    description:
      'Work of process managers that failed and waits for an operator. The command API replays and discards it.',
    roles: staff,
    handle: (request) => {
      const { reason, kind, orderId } = request.query;
      const scope = { list: 'parked', filters: [reason, kind, orderId], keys: 2 };
      return pageResponse(scope, request.query, async (page) => {
        const documents = await reads.documents(parkedProjection, request);
        const found = await findParkedItems(documents, { reason, kind, orderId }, page);
        return mapPage(found, (body) => ({ body }));
      });
    },
  }),

  defineRoute({
    ...documentRoute(
      'The parked item',
      ParkedItem,
      'No such item is parked: it was replayed, discarded, or never parked',
    ),
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
    handle: async (request) => {
      const { id } = request.params;
      const documents = await reads.documents(parkedProjection, request);
      const item = await getParkedItem(documents, id);
      if (item === undefined) throw new ResourceNotFound('parked item', id);
      return documentResponse(documentEtag(documents, item.position), item, request);
    },
  }),
];
