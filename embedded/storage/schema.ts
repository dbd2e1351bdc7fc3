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
import { pathToFileURL } from 'node:url';
import Database from 'libsql';
import { Acknowledged, checkNothingIsMissing } from './acknowledged.ts';
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
/** Drafts of the file, and what looking at it without touching it needed. */
const LEFTOVER = /^events\.db(\.[0-9a-f-]{36}(-journal)?|-shm)$/;
/** A file up to this size is looked through at the start: it takes a fraction of a second. */
const CHECKED_WHOLE_BYTES = 32 * 1024 * 1024;
/** About 16 MiB of write-ahead log between checkpoints, which write pages in bulk. */
const PAGES_PER_CHECKPOINT = 4096;

/** An open log; what is in memory only keeps no account of what was acknowledged. */
export interface OpenFile {
  readonly database: Database.Database;
  readonly acknowledged?: Acknowledged;
}

export function openInMemory(): OpenFile {
  const database = new Database(':memory:');
  create(database);
  return { database };
}

/**
 * Opens the log of a folder, making both when they are not there, and locks it for this process.
 * @throws {LogUnavailable} when another process has it, or it is no log, or it cannot be read or written, or
 * acknowledged events are missing; nothing in the folder is then changed.
 */
export function openInFolder(folder: string): OpenFile {
  const file = path.join(folder, FILE_NAME);
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
  } catch (error) {
    throw new LogUnavailable(folder, 'the folder cannot be made or written.', error);
  }
  let database: Database.Database | undefined;
  try {
    if (!existsSync(file)) {
      checkNothingIsMissing(folder, undefined);
      createFile(folder, file);
    }
    const wasKilled = existsSync(`${file}-wal`);
    if (wasKilled) lookWithoutTouching(folder, file);
    database = new Database(file);
    // Before any write: the lock is taken by the first transaction and held until the file is closed.
    database.exec('PRAGMA locking_mode = EXCLUSIVE');
    if (!wasKilled) check(database, folder, file);
    lock(database);
    removeLeftovers(folder);
    return { database, acknowledged: new Acknowledged(folder) };
  } catch (error) {
    database?.close();
    if (error instanceof LogUnavailable) throw error;
    throw new LogUnavailable(folder, reasonOf(error), error);
  }
}

/** Closing a file that was opened for writing takes its write-ahead log into it, also when one of them is damaged. */
function lookWithoutTouching(folder: string, file: string): void {
  const database = new Database(`${pathToFileURL(file).href}?mode=ro`);
  try {
    check(database, folder, file);
  } finally {
    database.close();
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

/** Only under the lock: what another process needs must stay. */
function removeLeftovers(folder: string): void {
  for (const name of readdirSync(folder))
    if (LEFTOVER.test(name)) rmSync(path.join(folder, name), { force: true });
}

/** Only reads. @throws {LogUnavailable} */
function check(database: Database.Database, folder: string, file: string): void {
  const { size } = statSync(file);
  if (size === 0) throw new LogUnavailable(folder, `${FILE_NAME} is empty: its content was cut off.`);
  database.exec('PRAGMA busy_timeout = 0');
  checkIdentity(database, folder);
  if (size <= CHECKED_WHOLE_BYTES) {
    const [said] = database.prepare<unknown[]>('PRAGMA quick_check(1)').pluck().all([]);
    if (said !== 'ok') throw new LogUnavailable(folder, DAMAGED);
  }
  const [last] = database.prepare<unknown[]>('SELECT max(position) FROM events').pluck().all([]);
  checkNothingIsMissing(folder, Number(last));
}

function lock(database: Database.Database): void {
  database.exec('PRAGMA busy_timeout = 0');
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
