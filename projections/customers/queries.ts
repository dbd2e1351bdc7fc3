import type { Documents, Stored } from '../../read-store/read-store.ts';
import { findPage, type Page, type PageRequest } from '../documents/page.ts';
import { wordsOf } from '../documents/search-words.ts';
import {
  type CustomerDocument,
  type CustomersBody,
  EVERY_CUSTOMER,
  isCustomer,
  isListing,
} from './document.ts';

type Customers = Documents<CustomersBody>;

export async function getCustomer(
  documents: Customers,
  customerId: string,
): Promise<Stored<CustomerDocument> | undefined> {
  const stored = await documents.get(customerId);
  return stored === undefined || !isCustomer(stored.body) ? undefined : { ...stored, body: stored.body };
}

/** Finds customers, sorted by id. A search matches each word as a prefix of a word in the id. */
export async function findCustomers(
  documents: Customers,
  search: string | undefined,
  page: PageRequest,
): Promise<Page<CustomerDocument>> {
  const words = search === undefined ? [EVERY_CUSTOMER] : longestFirst(wordsOf(search));
  const [first, ...others] = words;
  if (first === undefined) return { items: [] };
  const walk = { index: 'byWord', equals: [first], ...(others.length === 0 ? {} : { alsoHas: others }) };
  const { items: listings, ...rest } = await findPage(documents, walk, page, (body) =>
    isListing(body) ? [body.sortName] : [],
  );
  const ids = listings.flatMap(({ body }) => (isListing(body) ? [body.listed] : []));
  const found = await documents.load(ids);
  const items = ids.flatMap((id) => {
    const body = found.get(id)?.body;
    return body !== undefined && isCustomer(body) ? [body] : [];
  });
  return { items, ...rest };
}

/** Reads the index along the longest word: probably the fewest customers have it. */
const longestFirst = (words: readonly string[]): string[] => [...words].sort((a, b) => b.length - a.length);
