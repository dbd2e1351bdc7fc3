import { InvalidRequest, ResourceNotFound } from '../../platform/http/response/errors.ts';
import { partsTag } from '../../platform/http/response/etags.ts';
import type { RouteResponse } from '../../platform/http/route.ts';
import { mapPage } from '../../projections/documents/page.ts';
import type { ItemDocument, ItemsBody } from '../../projections/items/document.ts';
import { itemsProjection } from '../../projections/items/projection.ts';
import { findItems, getItem } from '../../projections/items/queries.ts';
import type { ReadStore } from '../../read-store/read-store.ts';
import type { Paging } from '../requests/parameters.ts';
import { type DocumentRequest, documentResponse, pageResponse } from '../responses/document-responses.ts';

// Products as clients without a token see them. These queries never wait for a position.

type Query = Readonly<Record<string, unknown>>;

/** Returns a page of the products on sale, by name. Throws `InvalidRequest` for a parameter that needs a token. */
export function cataloguePage(
  readStore: ReadStore,
  query: Paging & { readonly query?: string | undefined } & Query,
): Promise<RouteResponse> {
  rejectOthers(query, ['query', 'limit', 'cursor']);
  const scope = { list: 'catalogue', filters: [query.query], keys: 2 };
  return pageResponse(scope, { limit: query.limit, cursor: query.cursor }, async (page) => {
    const documents = await readStore.liveShared<ItemsBody>(itemsProjection);
    const found = await findItems(documents, { search: query.query, group: 'current' }, page);
    return mapPage(found, (item) => ({ body: shown(item) }));
  });
}

/**
 * Returns a product on sale. Throws `ResourceNotFound` for any other, and `InvalidRequest` for a parameter that needs a
 * token.
 */
export async function catalogueItem(
  readStore: ReadStore,
  productId: string,
  { query, header }: Pick<DocumentRequest, 'header'> & { readonly query: Query },
): Promise<RouteResponse> {
  rejectOthers(query, []);
  const item = await getItem(await readStore.liveShared<ItemsBody>(itemsProjection), productId);
  if (item === undefined || item.body.retired) throw new ResourceNotFound('item', productId);
  const { revision, stockRevision } = item.body;
  // Not the ETag of the whole item, which has more fields.
  const etag = partsTag({ catalogue: revision, stock: stockRevision, v: itemsProjection.version });
  return documentResponse(etag, { body: shown(item.body) }, { query: {}, header });
}

const shown = ({ productId, name, description, imageUrl, price, available }: ItemDocument) => ({
  productId,
  name,
  ...(description !== undefined && { description }),
  ...(imageUrl !== undefined && { imageUrl }),
  price,
  available,
});

function rejectOthers(query: Query, allowed: readonly string[]): void {
  const others = Object.keys(query).filter((name) => query[name] !== undefined && !allowed.includes(name));
  if (others.length === 0) return;
  const message = `needs a token; without one, ${allowed.length === 0 ? 'no parameter is' : `only ${allowed.join(', ')} are`} allowed`;
  throw new InvalidRequest(
    'query',
    others.map((path) => ({ path, message })),
  );
}
