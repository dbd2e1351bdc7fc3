import type { Filter, Sort } from 'mongodb';
import type { IndexDeclaration, IndexValue, Query } from '../read-store.ts';
import type { StoredDocument } from './stored-document.ts';

export interface IndexQuery {
  readonly filter: Filter<StoredDocument>;
  readonly sort: Sort;
  /** The keys of the index: the server uses this index, or reports that it is missing; it never scans. */
  readonly hint: Record<string, Direction>;
}

/** Types of indexed values: a document with another type in the field is not in the index. */
const INDEXED = ['string', 'number'];

export const pathOf = (field: string): string => `body.${field}`;

type Direction = 1 | -1;

const directionOf = ({ direction }: IndexDeclaration): Direction => (direction === 'ascending' ? 1 : -1);

/** Returns the keys of an index: the fields, then the id. */
export const keysOf = (index: IndexDeclaration): Record<string, Direction> =>
  Object.fromEntries([...index.fields.map(pathOf), '_id'].map((path) => [path, directionOf(index)]));

/** Converts a query, checked against the index, to a filter and a sort that use the index. */
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
  if (after !== undefined) conditions.push(...conditionsAfter([...rest, '_id'], after, direction));
  const sort = Object.fromEntries([...rest, '_id'].map((path) => [path, direction]));
  return { filter: conditions.length === 0 ? {} : { $and: conditions }, sort, hint: keysOf(index) };
}

/** Returns conditions for entries after `after`: further in the first field, or equal there and further in the next, and so on. */
function conditionsAfter(
  paths: readonly string[],
  after: readonly IndexValue[],
  direction: Direction,
): Filter<StoredDocument>[] {
  const further = direction === 1 ? '$gt' : '$lt';
  const alternatives = paths.map((path, number) => ({
    ...Object.fromEntries(paths.slice(0, number).map((before, place) => [before, after[place]])),
    [path]: { [further]: after[number] },
  }));
  const [first] = paths;
  // Redundant, but it lets the server start at the right place in the index.
  return first === undefined ? [] : [{ [first]: { [`${further}e`]: after[0] } }, { $or: alternatives }];
}
