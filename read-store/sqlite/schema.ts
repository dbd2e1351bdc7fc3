import type { IndexDeclaration } from '../read-store.ts';

/** Who the read store belongs to, who may write, how the models are, and notes. */
export const CONTROL_SCHEMA = `
  CREATE TABLE identity (one INTEGER PRIMARY KEY CHECK (one = 1), name TEXT NOT NULL);
  CREATE TABLE lease (name TEXT PRIMARY KEY, owner TEXT NOT NULL, url TEXT NOT NULL, expires_at INTEGER NOT NULL);
  CREATE TABLE status (name TEXT PRIMARY KEY, status TEXT NOT NULL);
  CREATE TABLE note (name TEXT PRIMARY KEY, revision INTEGER NOT NULL, body TEXT NOT NULL);
`;

/**
 * One generation of one model. `entries` holds what the document has in the indexes, so that a write that changes none of
 * it leaves them alone, and one that does knows what to take out.
 */
export const GENERATION_SCHEMA = `
  CREATE TABLE documents (id TEXT PRIMARY KEY, position INTEGER NOT NULL, body TEXT NOT NULL, entries TEXT NOT NULL);
  CREATE TABLE checkpoint (
    one INTEGER PRIMARY KEY CHECK (one = 1), commit_position INTEGER NOT NULL, prepare_position INTEGER NOT NULL
  );
  CREATE TABLE declared (one INTEGER PRIMARY KEY CHECK (one = 1), indexes TEXT NOT NULL);
`;

/** In a table of its own, since older files lack it and older code ignores it. */
export const CHECKPOINT_EVENTS_SCHEMA =
  'CREATE TABLE IF NOT EXISTS checkpoint_events (one INTEGER PRIMARY KEY CHECK (one = 1), events TEXT NOT NULL)';

export const indexTable = ({ name }: IndexDeclaration): string => `"index_${name}"`;

export const column = (field: number): string => `f${field}`;

/** An index is a table in its own order: the fields, then the id. Walked backwards it is descending. */
export function createIndexTable(index: IndexDeclaration): string {
  const columns = index.fields.map((_, field) => column(field)).join(', ');
  return `CREATE TABLE ${indexTable(index)} (${columns}, id TEXT, PRIMARY KEY (${columns}, id)) WITHOUT ROWID`;
}
