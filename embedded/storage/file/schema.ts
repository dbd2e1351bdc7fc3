import type Database from 'libsql';

/** Names are blobs, since the driver cuts a text at its first NUL and a stream name may contain one. */
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

/** The newest scavenged events: they identify duplicate appends, and positions without an event. */
const SCAVENGED =
  'CREATE TABLE IF NOT EXISTS scavenged (position INTEGER PRIMARY KEY, stream INTEGER NOT NULL, revision INTEGER NOT NULL, id BLOB NOT NULL)';

export const SCHEMA_VERSION = 1;
/** "EsNd": distinguishes the node's files from other SQLite files. */
export const APPLICATION_ID = 0x45734e64;

export function createTables(database: Database.Database): void {
  // Lets a scavenge return free pages to the file system in small steps. Takes effect only before tables exist.
  database.exec('PRAGMA auto_vacuum = INCREMENTAL');
  const identity = `PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${SCHEMA_VERSION};`;
  database.exec(`BEGIN EXCLUSIVE; ${TABLES} ${identity} COMMIT`);
}

/** Adds a table that files of earlier versions lack. Earlier versions can still read the file. */
export function addScavenged(database: Database.Database): void {
  database.exec(SCAVENGED);
}
