import type { Documents, Stored } from '../../read-store/read-store.ts';
import { type CustomerDocument, type CustomersBody, isHistory } from './document.ts';

export async function getCustomer(
  documents: Documents<CustomersBody>,
  customerId: string,
): Promise<Stored<CustomerDocument> | undefined> {
  const stored = await documents.get(customerId);
  return stored === undefined || isHistory(stored.body) ? undefined : { ...stored, body: stored.body };
}
