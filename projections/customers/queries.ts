import type { Documents, Stored } from '../../read-store/read-store.ts';
import { findListed, searchWords } from '../documents/listing.ts';
import type { Page, PageRequest } from '../documents/page.ts';
import { type CustomerDocument, type CustomersBody, EVERY_CUSTOMER, isCustomer } from './document.ts';

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
  const words = search === undefined ? [EVERY_CUSTOMER] : searchWords(search);
  const { items, after } = await findListed(documents, 'byWord', words, page);
  return { items: items.map(({ document }) => document).filter(isCustomer), after };
}
