import type { Documents, IndexValue, Query, Stored } from '../../read-store/read-store.ts';

/** The requested page: after an entry of the index, or at its start. */
export interface PageRequest {
  readonly limit: number;
  readonly after?: readonly IndexValue[] | undefined;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  /** Entry after which the next page starts; absent on the last page. */
  readonly after?: readonly IndexValue[] | undefined;
}

/** A query without its page. */
export type ListQuery = Omit<Query, 'limit' | 'after'>;

/**
 * Returns one page of an index query. `keyOf` returns the values of the index fields after those in `equals`. Reads one
 * document more than requested to know whether there is another page.
 */
export async function findPage<Body>(
  documents: Documents<Body>,
  query: ListQuery,
  { limit, after }: PageRequest,
  keyOf: (body: Body) => readonly IndexValue[],
): Promise<Page<Stored<Body>>> {
  const found = await documents.find({ ...query, limit: limit + 1, after });
  const items = found.slice(0, limit);
  const last = items.at(-1);
  if (found.length <= limit || last === undefined) return { items };
  return { items, after: [...keyOf(last.body), last.id] };
}

/**
 * Returns the last page as JSON: the bodies of the documents, with commas between them. Undefined when another page may
 * follow; then use `findPage`.
 */
export async function findLastPage(
  documents: Pick<Documents<never>, 'findJson'>,
  query: ListQuery,
  { limit, after }: PageRequest,
): Promise<Buffer | undefined> {
  const { count, json } = await documents.findJson({ ...query, limit, after });
  return count < limit ? json : undefined;
}

/** Converts the items of a page. */
export const mapPage = <From, To>({ items, after }: Page<From>, map: (item: From) => To): Page<To> => ({
  items: items.map(map),
  after,
});
