import type { Documents, Stored } from './read-store.ts';

/** Documents per read: a synchronous read (SQLite) must be short. */
const PAGE = 500;

/** Yields all documents of a generation, in order of id. */
export async function* allDocuments<Body>(
  documents: Pick<Documents<Body>, 'page'>,
): AsyncGenerator<Stored<Body>, void> {
  let after: string | undefined;
  do {
    const page = await documents.page(after, PAGE);
    yield* page;
    after = page.at(-1)?.id;
  } while (after !== undefined);
}
