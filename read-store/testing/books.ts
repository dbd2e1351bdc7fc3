import { allDocuments } from '../all-documents.ts';
import type { Documents, ModelDeclaration, Stored } from '../read-store.ts';

/** Documents of a sample read model for specs. */
export interface Book {
  readonly title: string;
  readonly words?: readonly string[];
  readonly year?: number;
  readonly price?: { readonly amount: number; readonly currency: string };
}

export const books: ModelDeclaration = {
  name: 'books',
  indexes: [
    { name: 'byYear', fields: ['year', 'title'], direction: 'descending' },
    { name: 'byTitle', fields: ['title'], direction: 'ascending' },
    { name: 'byWord', fields: ['words', 'title'], direction: 'ascending', multi: true },
    { name: 'byPrice', fields: ['price.currency', 'price.amount'], direction: 'ascending' },
  ],
};

export const at = (commit: bigint) => ({ commit, prepare: commit });
export const book = (id: string, position: bigint, body: Book): Stored<Book> => ({ id, position, body });
export const ids = (found: readonly Stored<unknown>[]) => found.map(({ id }) => id);

export async function everything<Body>(documents: Documents<Body>): Promise<Stored<Body>[]> {
  const all: Stored<Body>[] = [];
  for await (const document of allDocuments(documents)) all.push(document);
  return all;
}
