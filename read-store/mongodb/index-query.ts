import type { Filter, Sort } from 'mongodb';
import type { IndexDeclaration, IndexValue, Query } from '../read-store.ts';
import type { StoredDocument } from './stored-document.ts';

export interface IndexQuery {
  readonly filter: Filter<StoredDocument>;
  readonly sort: Sort;
  /** The keys of the index: the server walks it, or says that it is not there; it never scans. */
  readonly hint: Record<string, Direction>;
}

/** A field that holds neither is not in the index. */
const INDEXED = ['string', 'number'];

export const pathOf = (field: string): string => `body.${field}`;

type Direction = 1 | -1;

const directionOf = ({ direction }: IndexDeclaration): Direction => (direction === 'ascending' ? 1 : -1);

/** The keys of an index: the fields, then the id. */
export const keysOf = (index: IndexDeclaration): Record<string, Direction> =>
  Object.fromEntries([...index.fields.map(pathOf), '_id'].map((path) => [path, directionOf(index)]));

/** A query (checked against the index) as a filter and a sort that walk it. */
export function buildIndexQuery(
  index: IndexDeclaration,
  { equals, from, to, alsoHas = [], after, backwards }: Query,
): IndexQuery {
  const direction: Direction = (directionOf(index) === 1) === (backwards === true) ? -1 : 1;
  const rest = index.fields.slice(equals.length).map(pathOf);
  const conditions: Filter<StoredDocument>[] = index.fields
    .slice(0, equals.length)
    .map((field, number) => ({ [pathOf(field)]: equals[number] }));
  const [leading] = index.fields;
  for (const element of alsoHas) conditions.push({ [pathOf(leading)]: element });
  for (const path of rest) conditions.push({ [path]: { $type: INDEXED } });
  const [bounded] = rest;
  if (bounded !== undefined && from !== undefined) conditions.push({ [bounded]: { $gte: from } });
  if (bounded !== undefined && to !== undefined) conditions.push({ [bounded]: { $lte: to } });
  if (after !== undefined) conditions.push(...behind([...rest, '_id'], after, direction));
  const sort = Object.fromEntries([...rest, '_id'].map((path) => [path, direction]));
  return { filter: conditions.length === 0 ? {} : { $and: conditions }, sort, hint: keysOf(index) };
}

/** Behind an entry: further in the first field, or equal there and further in the next, and so on. */
function behind(
  paths: readonly string[],
  after: readonly IndexValue[],
  direction: Direction,
): Filter<StoredDocument>[] {
  const further = direction === 1 ? '$gt' : '$lt';
  const ways = paths.map((path, number) => ({
    ...Object.fromEntries(paths.slice(0, number).map((before, place) => [before, after[place]])),
    [path]: { [further]: after[number] },
  }));
  const [first] = paths;
  // What follows from the ways, but tells the server at once where in the index to begin.
  return first === undefined ? [] : [{ [first]: { [`${further}e`]: after[0] } }, { $or: ways }];
}
