import { z } from 'zod';
import type { ZodOpenApiOverrideMetaContext } from 'zod-openapi/api';
import { ResourceNotFound } from '../../platform/http/response/errors.ts';
import { partsTag } from '../../platform/http/response/etags.ts';
import { type Caller, defineRoute, type Route } from '../../platform/http/route.ts';
import { mapPage } from '../../projections/documents/page.ts';
import { ItemDocument } from '../../projections/items/document.ts';
import { itemsProjection } from '../../projections/items/projection.ts';
import { findItems, getItem } from '../../projections/items/queries.ts';
import { type MovementDocument, MovementResponse } from '../../projections/movements/document.ts';
import { movementsProjection } from '../../projections/movements/projection.ts';
import { findMovements } from '../../projections/movements/queries.ts';
import { search, wholeNumber } from '../requests/parameters.ts';
import { isStaff, staff } from '../requests/permissions.ts';
import { documentResponse, pageResponse } from '../responses/document-responses.ts';
import type { FreshnessRequest, FreshReads } from '../waiting/fresh-reads.ts';
import { catalogueItem, cataloguePage } from './public-catalogue.ts';
import { BEHIND, documentRoute, listRoute, productParams as params } from './route-parts.ts';

const NOT_FOUND = 'There is no such item';
const GROUPS = { false: 'current', true: 'retired', any: 'any' } as const;
const WITHOUT_TOKEN =
  'Without a token: only products on sale, each with productId, name, price and available.';

/** `isPublic`: clients without a token may look at the products. */
export const itemRoutes = (reads: FreshReads, isPublic: boolean): Route[] => [
  defineRoute({
    access: isPublic ? 'optional' : undefined,
    ...listRoute('A page of items', ItemDocument, {
      query: search('Matches each word as a prefix of a word in the name or the id.', 'lantern white'),
      maxAvailable: wholeNumber(
        0,
        Number.MAX_SAFE_INTEGER,
        'Only items with at most this many units available; absent: all.',
      ),
      retired: z
        .enum(['false', 'true', 'any'])
        .optional()
        .meta({
          description: '`false` (default): only items on sale; `true`: only retired items; `any`: both.',
          override: ({ jsonSchema }: ZodOpenApiOverrideMetaContext) => {
            Object.assign(jsonSchema, { default: 'false' });
          },
        }),
    }),
    path: '/api/v1/inventory/items',
    tag: 'inventory',
    summary: 'Items by name, or those that a search finds',
    description: `A search matches each word as a prefix of a word in the name or the id; it ignores case, accents and invisible characters. With maxAvailable a page may have fewer items than its limit, even none, although \`next\` is set.${isPublic ? ` ${WITHOUT_TOKEN} It takes query, limit and cursor.` : ''}`,
    handle: (request) => {
      const { caller } = request;
      if (caller === undefined) return cataloguePage(reads.readStore, request.query);
      const { query, maxAvailable, retired = 'false' } = request.query;
      const filter = { search: query, maxAvailable, group: GROUPS[retired] };
      const scope = { list: 'items', filters: [query, maxAvailable?.toString(), retired], keys: 2 };
      return pageResponse(scope, request.query, async (page) => {
        const found = await findItems(await reads.documents(itemsProjection, request), filter, page);
        return mapPage(found, (item) => ({ body: shownTo(caller, item) }));
      });
    },
  }),

  defineRoute({
    access: isPublic ? 'optional' : undefined,
    ...documentRoute('The item', ItemDocument, NOT_FOUND),
    path: '/api/v1/inventory/items/:productId',
    tag: 'inventory',
    summary: 'An item with its stock',
    ...(isPublic && { description: `${WITHOUT_TOKEN} It takes no parameters.` }),
    params,
    handle: async (request) => {
      const { caller } = request;
      const { productId } = request.params;
      if (caller === undefined) return catalogueItem(reads.readStore, productId, request);
      const documents = await reads.documents(itemsProjection, request);
      const item = await getItem(documents, productId);
      if (item === undefined) throw new ResourceNotFound('item', productId);
      const body = shownTo(caller, item.body);
      return documentResponse(itemEtag(item.body), { body }, request);
    },
  }),

  defineRoute({
    ...listRoute('A page of movements', MovementResponse, {}),
    path: '/api/v1/inventory/items/:productId/movements',
    tag: 'inventory',
    summary: 'What happened to an item’s stock, newest first',
    roles: staff,
    params,
    problems: { 404: NOT_FOUND, 504: BEHIND },
    handle: (request) => {
      const { productId } = request.params;
      const scope = { list: 'movements', filters: [productId], keys: 2 };
      return pageResponse(scope, request.query, async (page) => {
        const documents = await reads.documents(movementsProjection, request);
        const found = await findMovements(documents, productId, page);
        if (found.items.length === 0 && page.after === undefined)
          await checkItemExists(reads, request, productId);
        return mapPage(found, ({ body }) => ({ body: movementOf(body) }));
      });
    },
  }),
];

/** Throws `ResourceNotFound` for an unknown item; an item without movements has an empty list. */
async function checkItemExists(
  reads: FreshReads,
  request: FreshnessRequest,
  productId: string,
): Promise<void> {
  const documents = await reads.documents(itemsProjection, request);
  if ((await getItem(documents, productId)) === undefined) throw new ResourceNotFound('item', productId);
}

/** Only staff see who retired an item and why. */
function shownTo(caller: Caller, item: ItemDocument): ItemDocument {
  if (isStaff(caller) || item.retirement === undefined) return item;
  const { retirement: _, ...shown } = item;
  return shown;
}

const movementOf = ({ productId: _, position: __, ...movement }: MovementDocument): MovementResponse =>
  movement;

/** Returns the ETag of an item: the revisions of its product and its stock. The command API returns the same. */
const itemEtag = ({ revision, stockRevision }: ItemDocument): string =>
  partsTag({ product: revision, stock: stockRevision, v: itemsProjection.version });
