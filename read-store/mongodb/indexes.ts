import type { Db } from 'mongodb';
import { MongoServerError } from 'mongodb';
import { ReadStoreUnusable } from '../errors.ts';
import type { IndexDeclaration, ModelDeclaration } from '../read-store.ts';
import { keysOf } from './index-query.ts';
import { translateErrors } from './translate-errors.ts';

const NAMESPACE_EXISTS = 48;
/** The index on ids, which every collection has. */
const ID_INDEX = '_id_';
/** Fields of an index description that change neither its entries nor the documents. */
const HARMLESS = new Set(['v', 'key', 'name', 'ns', 'background']);
/** Options with which an index deletes or rejects documents. */
const LOSES_DOCUMENTS = ['unique', 'expireAfterSeconds'];

/** An index as the server lists it. */
export interface ExistingIndex {
  readonly name: string;
  readonly key: Readonly<Record<string, unknown>>;
  readonly [option: string]: unknown;
}

export interface Difference {
  readonly missing: readonly IndexDeclaration[];
  /** Names of declared indexes that exist with the keys of an earlier declaration. */
  readonly outdated: readonly string[];
}

/**
 * Creates the declared indexes of a collection. Keeps undeclared ones: an older version may still use them. If the connection
 * breaks, the server continues to build a large index, and the next call waits for it. Throws `ReadStoreUnusable` for an
 * index that would lose documents, or hide them from queries.
 */
export async function ensureIndexes(
  db: Db,
  name: string,
  model: ModelDeclaration,
  warn: (message: string) => void,
): Promise<void> {
  await translateErrors(() => createCollection(db, name));
  const collection = db.collection(name);
  const existing = await translateErrors(() => collection.listIndexes().toArray());
  const { missing, outdated } = differenceOf(name, model, existing as ExistingIndex[]);
  for (const index of outdated) {
    warn(`the index ${index} of the collection ${name} has other keys than declared: rebuilding it`);
    await translateErrors(() => collection.dropIndex(index));
  }
  if (missing.length > 0)
    await translateErrors(() =>
      collection.createIndexes(missing.map((index) => ({ name: index.name, key: keysOf(index) }))),
    );
}

/** Compares the indexes of a collection with the declared ones. Throws `ReadStoreUnusable`. */
export function differenceOf(
  collection: string,
  { name: model, indexes: declared }: ModelDeclaration,
  existing: readonly ExistingIndex[],
): Difference {
  const others = existing.filter(({ name }) => name !== ID_INDEX);
  const wanted = new Map(declared.map((index) => [index.name, shapeOf(keysOf(index))]));
  const shapes = new Set(wanted.values());
  for (const index of others) {
    const isOurs = wanted.has(index.name) || shapes.has(shapeOf(index.key));
    const peculiar = optionsOf(index).filter((option) => isOurs || LOSES_DOCUMENTS.includes(option));
    if (peculiar.length > 0)
      throw new ReadStoreUnusable(
        `the index ${index.name} of the collection ${collection} has options that are not declared ` +
          `(${peculiar.join(', ')}): ${remedyFor(model, peculiar)}`,
      );
  }
  const existingShapes = new Set(others.map(({ key }) => shapeOf(key)));
  const missing = declared.filter((index) => !existingShapes.has(shapeOf(keysOf(index))));
  const names = new Set(others.map(({ name }) => name));
  return { missing, outdated: missing.map(({ name }) => name).filter((name) => names.has(name)) };
}

const remedyFor = (model: string, options: readonly string[]): string =>
  options.some((option) => LOSES_DOCUMENTS.includes(option))
    ? `drop it, and then rebuild ${model}, which may lack documents`
    : 'drop it: the next start creates it as declared';

const optionsOf = (index: ExistingIndex): string[] =>
  Object.entries(index)
    .filter(([option, value]) => !HARMLESS.has(option) && value !== false && value !== undefined)
    .map(([option]) => option);

/** Two indexes of the same shape contain the same entries in the same order. */
const shapeOf = (keys: Readonly<Record<string, unknown>>): string =>
  JSON.stringify(Object.entries(keys).map(([path, direction]) => [path, String(direction)]));

async function createCollection(db: Db, name: string): Promise<void> {
  try {
    await db.createCollection(name);
  } catch (error) {
    if (!(error instanceof MongoServerError && error.code === NAMESPACE_EXISTS)) throw error;
  }
}
