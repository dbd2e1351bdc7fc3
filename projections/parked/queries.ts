import type { Documents, Stored } from '../../read-store/read-store.ts';
import { findPage, type Page, type PageRequest } from '../documents/page.ts';
import type { ParkedDocument, ParkedItem } from './document.ts';
import { keysOf, type ParkedFilter } from './keys.ts';

/** Returns the item while it is parked. */
export async function getParkedItem(
  documents: Documents<ParkedDocument>,
  id: string,
): Promise<Stored<ParkedItem> | undefined> {
  const stored = await documents.get(id);
  return stored?.body.item && { id, position: stored.position, body: stored.body.item };
}

/** Finds parked items, the item parked last first. */
export async function findParkedItems(
  documents: Documents<ParkedDocument>,
  filter: ParkedFilter,
  page: PageRequest,
): Promise<Page<ParkedItem>> {
  const [first, ...others] = keysOf(filter);
  const query = { index: 'byKey', equals: [first], alsoHas: others, backwards: true };
  const { items, ...rest } = await findPage(documents, query, page, ({ position = '' }) => [position]);
  return { ...rest, items: items.flatMap(({ body: { item } }) => item ?? []) };
}

const COUNTED_AT_ONCE = 200;

/** Returns the number of parked items. */
export async function countParkedItems(documents: Documents<ParkedDocument>): Promise<number> {
  let count = 0;
  let page: Page<ParkedItem> | undefined;
  do {
    page = await findParkedItems(documents, {}, { limit: COUNTED_AT_ONCE, after: page?.after });
    count += page.items.length;
  } while (page.after !== undefined);
  return count;
}
