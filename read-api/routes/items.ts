import { z } from 'zod';
import { ResourceNotFound } from '../../platform/http/errors.ts';
import { defineRoute, type Route } from '../../platform/http/route.ts';
import { ProductId } from '../../projections/ids.ts';
import { itemsProjection } from '../../projections/items/projection.ts';
import { findItems, getItem } from '../../projections/items/queries.ts';
import type { MovementDocument } from '../../projections/movements/document.ts';
import { movementsProjection } from '../../projections/movements/projection.ts';
import { findMovements } from '../../projections/movements/queries.ts';
import { mapPage } from '../../projections/page.ts';
import { documentAnswer, listAnswer, pageRequest } from '../answers.ts';
import { fieldsOf } from '../fields.ts';
import { freshness, freshnessHeaders, paging } from '../parameters.ts';
import { staff } from '../permissions.ts';
import type { FreshnessRequest, Reading } from '../reading.ts';
import { Item, Movement } from '../schemas.ts';
import { aPage, BEHIND, oneDocument } from './describe.ts';

const params = z.object({ productId: ProductId });

export const itemRoutes = (reading: Reading): Route[] => [
  defineRoute({
    method: 'get',
    path: '/api/v1/inventory/items',
    tag: 'inventory',
    summary: 'Items by name, or those that a search finds',
    description:
      'A search finds items of which name or id have, for every word of it, a word that begins so; case and accents do not matter.',
    query: z.strictObject({
      query: z.string().max(200).optional(),
      fields: fieldsOf(Item),
      ...paging,
      ...freshness,
    }),
    headers: freshnessHeaders,
    responses: aPage('A page of items', Item),
    problems: { 504: BEHIND },
    handle: async (request) => {
      const search = request.query.query?.trim() || undefined;
      const scope = { list: 'items', filters: [search], keys: 2 };
      const page = pageRequest(scope, request.query);
      const documents = await reading.documents(itemsProjection, request);
      return listAnswer(scope, await findItems(documents, search, page), request.query);
    },
  }),

  defineRoute({
    method: 'get',
    path: '/api/v1/inventory/items/:productId',
    tag: 'inventory',
    summary: 'An item with its stock',
    params,
    query: z.strictObject({ fields: fieldsOf(Item), ...freshness }),
    headers: freshnessHeaders,
    responses: oneDocument('The item', Item),
    problems: { 404: 'There is no such item', 504: BEHIND },
    handle: async (request) => {
      const { productId } = request.params;
      const documents = await reading.documents(itemsProjection, request);
      const item = await getItem(documents, productId);
      if (item === undefined) throw new ResourceNotFound('item', productId);
      return documentAnswer(documents, item, request);
    },
  }),

  defineRoute({
    method: 'get',
    path: '/api/v1/inventory/items/:productId/movements',
    tag: 'inventory',
    summary: 'What happened to an item’s stock, newest first',
    roles: staff,
    params,
    query: z.strictObject({ fields: fieldsOf(Movement), ...paging, ...freshness }),
    headers: freshnessHeaders,
    responses: aPage('A page of movements', Movement),
    problems: { 404: 'There is no such item', 504: BEHIND },
    handle: async (request) => {
      const { productId } = request.params;
      const scope = { list: 'movements', filters: [productId], keys: 2 };
      const page = pageRequest(scope, request.query);
      const documents = await reading.documents(movementsProjection, request);
      const found = await findMovements(documents, productId, page);
      if (found.items.length === 0 && page.after === undefined)
        await refuseUnknown(reading, request, productId);
      return listAnswer(
        scope,
        mapPage(found, ({ body }) => movementOf(body)),
        request.query,
      );
    },
  }),
];

/** An item of which nothing ever moved has an empty list; one that does not exist has none. */
async function refuseUnknown(reading: Reading, request: FreshnessRequest, productId: string): Promise<void> {
  const documents = await reading.documents(itemsProjection, request);
  if ((await getItem(documents, productId)) === undefined) throw new ResourceNotFound('item', productId);
}

const movementOf = ({ productId: _, position: __, ...movement }: MovementDocument) => movement;
