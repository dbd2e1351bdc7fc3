import { randomUUID } from 'node:crypto';
import {
  accessSync,
  constants,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
} from 'node:fs';
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
const DRAFT = /^events\.db\.[0-9a-f-]{36}(-journal)?$/;
/** A file up to this size is looked through at the start: it takes a fraction of a second. */
const CHECKED_WHOLE_BYTES = 32 * 1024 * 1024;
/** About 16 MiB of write-ahead log between checkpoints, which write pages in bulk. */
const PAGES_PER_CHECKPOINT = 4096;

export function openInMemory(): Database.Database {
  const database = new Database(':memory:');
  create(database);
  return database;
}

/**
 * Opens the log of a folder, making both when they are not there, and locks it for this process.
 * @throws {LogUnavailable} when another process has it, or it is no log, or it cannot be read or written.
 */
export function openInFolder(folder: string): Database.Database {
  const file = path.join(folder, FILE_NAME);
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
  } catch (error) {
    throw new LogUnavailable(folder, 'the folder cannot be made or written.', error);
  }
  let database: Database.Database | undefined;
  try {
    if (!existsSync(file)) createFile(folder, file);
    database = new Database(file);
    prepare(database, folder, file);
    removeDrafts(folder);
    return database;
  } catch (error) {
    database?.close();
    if (error instanceof LogUnavailable) throw error;
    throw new LogUnavailable(folder, reasonOf(error), error);
  }
}

/**
 * Makes the file under another name and gives it its own once it is complete, so that a file with nothing in it is
 * never one that was just about to be made.
 */
function createFile(folder: string, file: string): void {
  const draft = path.join(folder, `${FILE_NAME}.${randomUUID()}`);
  try {
    const database = new Database(draft);
    create(database);
    database.close();
    linkSync(draft, file);
  } catch (error) {
    // Another process was faster, and has the folder: opening the file will say so.
    if (!existsSync(file)) throw error;
  } finally {
    rmSync(draft, { force: true });
    rmSync(`${draft}-journal`, { force: true });
  }
}

/** What was left behind by a process that was killed while it made a file. */
function removeDrafts(folder: string): void {
  for (const name of readdirSync(folder))
    if (DRAFT.test(name)) rmSync(path.join(folder, name), { force: true });
}

function prepare(database: Database.Database, folder: string, file: string): void {
  if (statSync(file).size === 0) {
    throw new LogUnavailable(folder, `${FILE_NAME} is empty: its content was cut off.`);
  }
  // Before any write: the lock is taken by the first transaction and held until the file is closed.
  database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA busy_timeout = 0');
  checkIdentity(database, folder);
  if (statSync(file).size <= CHECKED_WHOLE_BYTES) {
    const [said] = database.prepare<unknown[]>('PRAGMA quick_check(1)').pluck().all([]);
    if (said !== 'ok') throw new LogUnavailable(folder, DAMAGED);
  }
  database.prepare('PRAGMA journal_mode = WAL').all();
  // FULL: in WAL mode every commit is synced to disk before it returns.
  database.exec(`PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = ${PAGES_PER_CHECKPOINT}`);
  database.exec('PRAGMA cache_size = -32000; BEGIN EXCLUSIVE; COMMIT');
}

function checkIdentity(database: Database.Database, folder: string): void {
  const [application, version] = [
    'SELECT application_id FROM pragma_application_id',
    'SELECT user_version FROM pragma_user_version',
  ].map((sql) => Number(database.prepare<unknown[]>(sql).pluck().all([])[0]));
  if (application !== APPLICATION_ID) {
    throw new LogUnavailable(folder, `${FILE_NAME} is a database of something else.`);
  }
  if (version !== SCHEMA_VERSION) {
    const reason = `it was written in version ${version} of the format, and this program knows version ${SCHEMA_VERSION}.`;
    throw new LogUnavailable(folder, reason);
  }
}

function create(database: Database.Database): void {
  const identity = `PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${SCHEMA_VERSION};`;
  database.exec(`BEGIN EXCLUSIVE; ${SCHEMA} ${identity} COMMIT`);
}

const DAMAGED = `${FILE_NAME} is damaged or no event log.`;

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';

function reasonOf(error: unknown): string {
  const code = codeOf(error);
  if (code.startsWith('SQLITE_BUSY')) return 'another process has it open.';
  if (code === 'SQLITE_NOTADB' || code.startsWith('SQLITE_CORRUPT')) {
    return DAMAGED;
  }
  if (code === 'SQLITE_FULL' || code.startsWith('SQLITE_IOERR')) {
    return 'the disk is full, or does not take what is written.';
  }
  if (code.startsWith('SQLITE_READONLY') || code.startsWith('SQLITE_CANTOPEN')) {
    return `${FILE_NAME} cannot be written.`;
  }
  return error instanceof Error ? error.message : String(error);
}
