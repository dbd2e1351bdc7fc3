import type { Collection, Db } from 'mongodb';
import { MongoServerError } from 'mongodb';
import type { ModelDeclaration } from '../read-store.ts';
import { translated } from './faults.ts';
import type { StoredDocument } from './stored-document.ts';
import { keysOf } from './walk.ts';

const NAMESPACE_EXISTS = 48;
/** The index that every collection has on its ids. */
const OF_IDS = '_id_';

/** Brings a collection's indexes to what is declared; one that is long in building goes on being built when we are cut off, and is waited
 * for the next time. */
export async function ensureIndexes(db: Db, name: string, { indexes }: ModelDeclaration): Promise<void> {
  await translated(() => createCollection(db, name));
  const collection = db.collection<StoredDocument>(name);
  const declared = new Map(indexes.map((index) => [index.name, keysOf(index)]));
  const existing = await translated(() => collection.listIndexes().toArray());
  const right = new Set<string>();
  for (const { name: index, key } of existing) {
    if (index === OF_IDS) continue;
    if (JSON.stringify(Object.entries(key)) === JSON.stringify(Object.entries(declared.get(index) ?? {})))
      right.add(index);
    else await translated(() => collection.dropIndex(index));
  }
  const missing = indexes.filter((index) => !right.has(index.name));
  if (missing.length > 0) await translated(() => create(collection, missing));
}

async function createCollection(db: Db, name: string): Promise<void> {
  try {
    await db.createCollection(name);
  } catch (error) {
    if (!(error instanceof MongoServerError && error.code === NAMESPACE_EXISTS)) throw error;
  }
}

const create = (collection: Collection<StoredDocument>, missing: ModelDeclaration['indexes']) =>
  collection.createIndexes(missing.map((index) => ({ name: index.name, key: keysOf(index) })));
