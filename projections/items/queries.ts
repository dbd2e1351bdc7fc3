import type { Documents, Stored } from '../../read-store/read-store.ts';
import { findPage, mapPage, type Page, type PageRequest } from '../documents/page.ts';
import { wordsOf } from '../documents/search-words.ts';
import {
  type Group,
  groupWord,
  type ItemDocument,
  type ItemsBody,
  isListing,
  itemOf,
  levelKey,
  levelOf,
} from './document.ts';
import { type Candidate, mergeCandidates, readCandidates, takeMatching } from './filter-candidates.ts';

type Items = Documents<ItemsBody>;

export interface ItemFilter {
  /** Matches each word as a prefix of a word in the name or the id. */
  readonly search?: string | undefined;
  readonly maxAvailable?: number | undefined;
  readonly group: Group;
}

export async function getItem(
  documents: Items,
  productId: string,
): Promise<Stored<ItemDocument> | undefined> {
  const stored = await documents.get(productId);
  if (stored === undefined || isListing(stored.body)) return undefined;
  return { id: stored.id, position: stored.position, body: itemOf(stored.body) };
}

/**
 * Finds items, sorted by name. With `maxAvailable` a page may have fewer items than its limit, even none, although another
 * page follows: each request reads a limited number of candidates.
 */
export async function findItems(
  documents: Items,
  { search, maxAvailable, group }: ItemFilter,
  page: PageRequest,
): Promise<Page<ItemDocument>> {
  const words = search === undefined ? [] : longestFirst(wordsOf(search));
  if (search !== undefined && words.length === 0) return { items: [] };
  if (maxAvailable === undefined)
    return mapPage(await findListed(documents, words, group, page), ({ item }) => item);
  const candidates =
    words.length > 0
      ? readCandidates((next) => findListed(documents, words, group, next), BATCH, page.after)
      : mergeCandidates(candidatesUpTo(documents, group, maxAvailable, page));
  return takeMatching(candidates, ({ available }) => available <= maxAvailable, page.limit);
}

const BATCH = 100;
const SMALLEST_BATCH = 8;

/** Reads the index along the longest word: probably the fewest items have it. */
const longestFirst = (words: readonly string[]): string[] => [...words].sort((a, b) => b.length - a.length);

async function findListed(
  documents: Items,
  words: readonly string[],
  group: Group,
  page: PageRequest,
): Promise<Page<Candidate>> {
  const [first = groupWord(group), ...others] = words;
  const alsoHas = words.length > 0 && group !== 'any' ? [...others, groupWord(group)] : others;
  const walk = { index: 'byGroupAndWord', equals: [first], ...(alsoHas.length === 0 ? {} : { alsoHas }) };
  const { items: listings, ...rest } = await findPage(documents, walk, page, sortNameOf);
  const found = await documents.load(listings.flatMap(({ body }) => (isListing(body) ? [body.listed] : [])));
  const items = listings.flatMap(({ id, body }): Candidate[] => {
    if (!isListing(body)) return [];
    const item = found.get(body.listed)?.body;
    return item === undefined || isListing(item) ? [] : [{ item: itemOf(item), key: [body.sortName, id] }];
  });
  return { ...rest, items };
}

/** Returns the items of each stock level up to that of `maxAvailable`. The last level may include items above it. */
function candidatesUpTo(documents: Items, group: Group, maxAvailable: number, { limit, after }: PageRequest) {
  const levels = levelOf(maxAvailable) + 1;
  const batch = Math.max(SMALLEST_BATCH, Math.ceil((limit + 1) / levels));
  return Array.from({ length: levels }, (_, level) =>
    readCandidates((page) => findOfLevel(documents, levelKey(group, level), page), batch, after),
  );
}

async function findOfLevel(documents: Items, level: string, page: PageRequest): Promise<Page<Candidate>> {
  const found = await findPage(documents, { index: 'byLevel', equals: [level] }, page, sortNameOf);
  const items = found.items.flatMap(({ id, body }): Candidate[] =>
    isListing(body) ? [] : [{ item: itemOf(body), key: [body.walk.sortName, id] }],
  );
  return { ...found, items };
}

const sortNameOf = (body: ItemsBody): string[] => [isListing(body) ? body.sortName : body.walk.sortName];
