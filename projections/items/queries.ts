import type { Documents, Stored } from '../../read-store/read-store.ts';
import { findPage, type Page, type PageRequest } from '../page.ts';
import { type ItemDocument, type ItemsBody, isListing } from './document.ts';
import { wordsOf } from './words.ts';

export async function getItem(
  documents: Documents<ItemsBody>,
  productId: string,
): Promise<Stored<ItemDocument> | undefined> {
  return asItem(await documents.get(productId));
}

/** Items by name; with a search, those of which name or id have a word that begins so, for every word of the search. */
export async function findItems(
  documents: Documents<ItemsBody>,
  search: string | undefined,
  page: PageRequest,
): Promise<Page<ItemDocument>> {
  const [first, ...others] = search === undefined ? [] : longestFirst(wordsOf(search));
  if (search !== undefined && first === undefined) return { items: [] };
  const walk =
    first === undefined
      ? { index: 'byName', equals: [] }
      : { index: 'byWord', equals: [first], ...(others.length === 0 ? {} : { alsoHas: others }) };
  const listings = await findPage(documents, walk, page, sortKey);
  const ids = listings.items.flatMap(({ body }) => (isListing(body) ? [body.listed] : []));
  const found = await documents.load(ids);
  const items = ids.flatMap((id) => asItem(found.get(id))?.body ?? []);
  return { items, ...(listings.after === undefined ? {} : { after: listings.after }) };
}

/** The walk is along the word that the fewest items are likely to have. */
const longestFirst = (words: readonly string[]): string[] => [...words].sort((a, b) => b.length - a.length);

const sortKey = (body: ItemsBody): string[] => (isListing(body) ? [body.sortName] : []);

function asItem(stored: Stored<ItemsBody> | undefined): Stored<ItemDocument> | undefined {
  if (stored === undefined || isListing(stored.body)) return undefined;
  return { ...stored, body: stored.body };
}
