import { isDeepStrictEqual } from 'node:util';
import { IndexNotBuilt, UnknownIndex } from './errors.ts';
import type { IndexDeclaration, ModelDeclaration, Query } from './read-store.ts';

/**
 * Returns the index of a query. Throws `UnknownIndex` when the index is not declared or the query does not fit it, and
 * `IndexNotBuilt` when the generation (`built`) does not have it.
 */
export function checkQuery(
  model: ModelDeclaration,
  query: Query,
  built?: readonly IndexDeclaration[],
): IndexDeclaration {
  const index = model.indexes.find(({ name }) => name === query.index);
  if (index === undefined) throw new UnknownIndex(model.name, query.index);
  const why = misfit(index, query);
  if (why !== undefined) throw new UnknownIndex(model.name, query.index, why);
  if (built?.some((other) => isDeepStrictEqual(other, index)) === false)
    throw new IndexNotBuilt(model.name, query.index);
  return index;
}

function misfit(index: IndexDeclaration, { equals, from, to, alsoHas, after }: Query): string | undefined {
  const rest = index.fields.length - equals.length;
  if (rest < 0) return `it has ${index.fields.length} fields, and ${equals.length} values are given`;
  if (rest === 0 && (from !== undefined || to !== undefined))
    return 'bounds need a field after the equal ones';
  if (after !== undefined && after.length !== rest + 1)
    return `"after" takes ${rest + 1} values, and ${after.length} are given`;
  if (index.multi === true && equals.length === 0) return 'its leading array needs an element to be equal to';
  if (alsoHas !== undefined && index.multi !== true) return '"alsoHas" needs a multi index';
  return undefined;
}
