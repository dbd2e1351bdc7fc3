import { z } from 'zod';
import type { Documents } from '../../read-store/read-store.ts';
import { type DocumentOf, Text } from './document-schema.ts';
import { findPage, type Page, type PageRequest } from './page.ts';
import { wordsOf } from './search-words.ts';

/** The search words of a document. A document of its own, so that most changes rewrite no index entries. */
export const Listing = z.strictObject({
  /** Id of the document. */
  listed: Text,
  sortName: Text,
  /** Prefixes of the words of the document, and names of the groups that it belongs to. */
  words: z.array(Text),
});
export type Listing = DocumentOf<typeof Listing>;

export const isListing = (body: object): body is Listing => 'listed' in body;

/** A found document, with its entry in the index. */
export interface Listed<Body> {
  readonly document: Body;
  readonly key: readonly [sortName: string, listingId: string];
}

/**
 * Finds documents whose listings have all of the words, sorted by `sortName`; none without words. `index` is a multi index
 * on `words` and `sortName`.
 */
export async function findListed<Body extends object>(
  documents: Documents<Body | Listing>,
  index: string,
  [first, ...alsoHas]: readonly string[],
  page: PageRequest,
): Promise<Page<Listed<Body>>> {
  if (first === undefined) return { items: [] };
  const query = { index, equals: [first], alsoHas };
  const { items, after } = await findPage(documents, query, page, (body) =>
    isListing(body) ? [body.sortName] : [],
  );
  const found = await documents.load(items.flatMap(({ body }) => (isListing(body) ? [body.listed] : [])));
  const listed = items.flatMap(({ id, body }): Listed<Body>[] => {
    const document = isListing(body) ? found.get(body.listed)?.body : undefined;
    if (!isListing(body) || document === undefined || isListing(document)) return [];
    return [{ document, key: [body.sortName, id] }];
  });
  return { items: listed, after };
}

/** Returns the words of a search, the longest first: probably the fewest documents have it. */
export const searchWords = (search: string): string[] => wordsOf(search).sort((a, b) => b.length - a.length);
