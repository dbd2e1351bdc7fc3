import type { IndexDeclaration } from '../read-store.ts';

/** The store's identity, the lease, the status of the read models, and metadata (`note`). */
export const CONTROL_SCHEMA = `
  CREATE TABLE identity (one INTEGER PRIMARY KEY CHECK (one = 1), name TEXT NOT NULL);
  CREATE TABLE lease (name TEXT PRIMARY KEY, owner TEXT NOT NULL, url TEXT NOT NULL, expires_at INTEGER NOT NULL);
  CREATE TABLE status (name TEXT PRIMARY KEY, status TEXT NOT NULL);
  CREATE TABLE note (name TEXT PRIMARY KEY, revision INTEGER NOT NULL, body TEXT NOT NULL);
`;

/**
 * One generation of a read model. `entries` contains the index entries of the document: a write compares them to update only
 * the indexes that change.
 */
export const GENERATION_SCHEMA = `
  CREATE TABLE documents (id TEXT PRIMARY KEY, position INTEGER NOT NULL, body TEXT NOT NULL, entries TEXT NOT NULL);
  CREATE TABLE checkpoint (
    one INTEGER PRIMARY KEY CHECK (one = 1), commit_position INTEGER NOT NULL, prepare_position INTEGER NOT NULL
  );
  CREATE TABLE declared (one INTEGER PRIMARY KEY CHECK (one = 1), indexes TEXT NOT NULL);
`;

/** A separate table: older files lack it, and older code ignores it. */
export const CHECKPOINT_EVENTS_SCHEMA =
  'CREATE TABLE IF NOT EXISTS checkpoint_events (one INTEGER PRIMARY KEY CHECK (one = 1), events TEXT NOT NULL)';

export const indexTable = ({ name }: IndexDeclaration): string => `"index_${name}"`;

export const column = (field: number): string => `f${field}`;

/** Returns the table of an index, sorted by the fields, then the id. Read backwards, it is descending. */
export function createIndexTable(index: IndexDeclaration): string {
  const columns = index.fields.map((_, field) => column(field)).join(', ');
  return `CREATE TABLE ${indexTable(index)} (${columns}, id TEXT, PRIMARY KEY (${columns}, id)) WITHOUT ROWID`;
}
