import type Database from 'libsql';

/** Names are blobs: the driver ends a text at its first NUL, and stream names may hold one. */
const TABLES = `
  CREATE TABLE streams (id INTEGER PRIMARY KEY, name BLOB NOT NULL UNIQUE);
  CREATE TABLE events (
    position INTEGER PRIMARY KEY,
    stream INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    created INTEGER NOT NULL,
    json INTEGER NOT NULL,
    id BLOB NOT NULL,
    type BLOB NOT NULL,
    metadata BLOB NOT NULL,
    data BLOB NOT NULL
  );
  CREATE UNIQUE INDEX events_of_stream ON events (stream, revision);`;

export const SCHEMA_VERSION = 1;
/** "EsNd": tells our files from any other SQLite file. */
export const APPLICATION_ID = 0x45734e64;

export function createTables(database: Database.Database): void {
  const identity = `PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${SCHEMA_VERSION};`;
  database.exec(`BEGIN EXCLUSIVE; ${TABLES} ${identity} COMMIT`);
}
