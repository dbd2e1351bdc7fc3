import type { Documents, Stored } from '../../read-store/read-store.ts';
import { findListed, isListing, searchWords } from '../documents/listing.ts';
import { findPage, mapPage, type Page, type PageRequest } from '../documents/page.ts';
import {
  type Group,
  groupWord,
  type ItemDocument,
  type ItemsBody,
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
  const searched = search === undefined ? [] : searchWords(search);
  if (search !== undefined && searched.length === 0) return { items: [] };
  // Every item is in the group `any`.
  const words = searched.length > 0 && group === 'any' ? searched : [...searched, groupWord(group)];
  const find = (next: PageRequest) => findListed(documents, 'byGroupAndWord', words, next);
  if (maxAvailable === undefined) return mapPage(await find(page), ({ document }) => itemOf(document));
  const candidates =
    searched.length > 0
      ? readCandidates(find, BATCH, page.after)
      : mergeCandidates(candidatesUpTo(documents, group, maxAvailable, page));
  return takeMatching(candidates, ({ available }) => available <= maxAvailable, page.limit);
}

const BATCH = 100;
const SMALLEST_BATCH = 8;

/** Returns the items of each stock level up to that of `maxAvailable`. The last level may include items above it. */
function candidatesUpTo(documents: Items, group: Group, maxAvailable: number, { limit, after }: PageRequest) {
  const levels = levelOf(maxAvailable) + 1;
  const batch = Math.max(SMALLEST_BATCH, Math.ceil((limit + 1) / levels));
  return Array.from({ length: levels }, (_, level) =>
    readCandidates((page) => findOfLevel(documents, levelKey(group, level), page), batch, after),
  );
}

async function findOfLevel(documents: Items, level: string, page: PageRequest): Promise<Page<Candidate>> {
  const sortNameOf = (body: ItemsBody) => (isListing(body) ? [] : [body.walk.sortName]);
  const found = await findPage(documents, { index: 'byLevel', equals: [level] }, page, sortNameOf);
  const items = found.items.flatMap(({ id, body }): Candidate[] =>
    isListing(body) ? [] : [{ document: body, key: [body.walk.sortName, id] }],
  );
  return { ...found, items };
}
