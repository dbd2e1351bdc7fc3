import { accessSync, constants, mkdirSync } from 'node:fs';
import path from 'node:path';
import Database from 'libsql';
import { LogUnavailable } from './errors.ts';

/** Names are blobs: the driver ends a text at its first NUL, and stream names may hold one. */
const SCHEMA = `
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

const SCHEMA_VERSION = 1;
/** "EsNd": tells our files from any other SQLite file. */
const APPLICATION_ID = 0x45734e64;
const FILE_NAME = 'events.db';
/** About 16 MiB of write-ahead log between checkpoints, which write pages in bulk. */
const PAGES_PER_CHECKPOINT = 4096;

export interface OpenedDatabase {
  readonly database: Database.Database;
  readonly isNew: boolean;
}

export function openInMemory(): OpenedDatabase {
  const database = new Database(':memory:');
  create(database);
  return { database, isNew: true };
}

/**
 * Opens the log of a folder, making both when they are not there, and locks it for this process.
 * @throws {LogUnavailable} when another process has it, or it is no log, or it cannot be read or written.
 */
export function openInFolder(folder: string): OpenedDatabase {
  const file = path.join(folder, FILE_NAME);
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
  } catch (error) {
    throw new LogUnavailable(folder, 'the folder cannot be made or written.', error);
  }
  let database: Database.Database | undefined;
  try {
    database = new Database(file);
    return prepare(database, folder);
  } catch (error) {
    database?.close();
    if (error instanceof LogUnavailable) throw error;
    throw new LogUnavailable(folder, reasonOf(error), error);
  }
}

function prepare(database: Database.Database, folder: string): OpenedDatabase {
  // Before any write: the lock is taken by the first transaction and held until the file is closed.
  database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA busy_timeout = 0');
  const isNew = checkIdentity(database, folder);
  database.prepare('PRAGMA journal_mode = WAL').all();
  // FULL: in WAL mode every commit is synced to disk before it returns.
  database.exec(`PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = ${PAGES_PER_CHECKPOINT}`);
  database.exec('PRAGMA cache_size = -32000; BEGIN EXCLUSIVE; COMMIT');
  if (isNew) create(database);
  return { database, isNew };
}

/** True for an empty file. */
function checkIdentity(database: Database.Database, folder: string): boolean {
  const [application, version, tables] = [
    'SELECT application_id FROM pragma_application_id',
    'SELECT user_version FROM pragma_user_version',
    'SELECT count(*) FROM sqlite_master',
  ].map((sql) => Number(database.prepare<unknown[]>(sql).pluck().all([])[0]));
  if (application === 0 && tables === 0) return true;
  if (application !== APPLICATION_ID) {
    throw new LogUnavailable(folder, `${FILE_NAME} is a database of something else.`);
  }
  if (version !== SCHEMA_VERSION) {
    const reason = `it was written in version ${version} of the format, and this program knows version ${SCHEMA_VERSION}.`;
    throw new LogUnavailable(folder, reason);
  }
  return false;
}

function create(database: Database.Database): void {
  const identity = `PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${SCHEMA_VERSION};`;
  database.exec(`BEGIN EXCLUSIVE; ${SCHEMA} ${identity} COMMIT`);
}

function reasonOf(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  if (code.startsWith('SQLITE_BUSY')) return 'another process has it open.';
  if (code === 'SQLITE_NOTADB' || code.startsWith('SQLITE_CORRUPT')) {
    return `${FILE_NAME} is damaged or no event log.`;
  }
  if (code.startsWith('SQLITE_READONLY') || code.startsWith('SQLITE_CANTOPEN')) {
    return `${FILE_NAME} cannot be written.`;
  }
  return error instanceof Error ? error.message : String(error);
}
