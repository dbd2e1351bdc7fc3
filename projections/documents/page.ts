import type { Documents, IndexValue, Query, Stored } from '../../read-store/read-store.ts';

/** Where a page begins: behind an entry of the index that is walked, or at its start. */
export interface PageRequest {
  readonly limit: number;
  readonly after?: readonly IndexValue[];
}

export interface Page<Item> {
  readonly items: readonly Item[];
  /** Where the next page begins; absent on the last. */
  readonly after?: readonly IndexValue[];
}

/**
 * One page of a walk along an index. `keyOf` gives the values of the index's fields after those of `equals`; one more
 * than asked for is read, to know whether there is another page.
 */
export async function findPage<Body>(
  documents: Documents<Body>,
  query: Omit<Query, 'limit' | 'after'>,
  { limit, after }: PageRequest,
  keyOf: (body: Body) => readonly IndexValue[],
): Promise<Page<Stored<Body>>> {
  const found = await documents.find({
    ...query,
    limit: limit + 1,
    ...(after === undefined ? {} : { after }),
  });
  const items = found.slice(0, limit);
  const last = items.at(-1);
  if (found.length <= limit || last === undefined) return { items };
  return { items, after: [...keyOf(last.body), last.id] };
}

/**
 * A page as it is to be sent, when everything that is left fits into it: the documents' bodies as JSON, with commas between
 * them. Undefined when there may be another page, which `findPage` tells.
 */
export async function findLastPage(
  documents: Pick<Documents<never>, 'findJson'>,
  query: Omit<Query, 'limit' | 'after'>,
  { limit, after }: PageRequest,
): Promise<Buffer | undefined> {
  const { count, json } = await documents.findJson({
    ...query,
    limit,
    ...(after === undefined ? {} : { after }),
  });
  return count < limit ? json : undefined;
}

/** A page of the same entries seen otherwise. */
export const mapPage = <From, To>({ items, after }: Page<From>, map: (item: From) => To): Page<To> => ({
  items: items.map(map),
  ...(after === undefined ? {} : { after }),
});
