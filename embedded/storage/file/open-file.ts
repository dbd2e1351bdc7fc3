import { randomUUID } from 'node:crypto';
import { accessSync, constants, existsSync, linkSync, readdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import Database from 'libsql';
import { codeOf, LogUnavailable } from '../errors.ts';
import {
  AcknowledgedPosition,
  acknowledgedEventsMissing,
  readAcknowledgedPosition,
} from './acknowledged-position.ts';
import { checkLogFile, DAMAGED } from './check-file.ts';
import { makeFolder } from './make-folder.ts';
import { addScavenged, createTables } from './schema.ts';

const FILE_NAME = 'events.db';
/** Drafts of the file, and what it took to read it before it was locked. */
const LEFTOVER = /^events\.db(\.[0-9a-f-]{36}(-journal)?|-shm)$/;
/** About 16 MiB of write-ahead log between checkpoints, which write pages in bulk. */
const PAGES_PER_CHECKPOINT = 4096;
const REWRITTEN_BYTES = 32 * 1024 * 1024;

export interface LogFile {
  readonly database: Database.Database;
  /** Absent for a log in memory. */
  readonly acknowledged?: AcknowledgedPosition;
}

export function openInMemory(): LogFile {
  const database = new Database(':memory:');
  createTables(database);
  addScavenged(database);
  return { database };
}

/**
 * Opens the log of a folder, making both when they are not there, and locks it for this process.
 * @throws {LogUnavailable} when another process has it, or it is no log, or damaged, or not all of it is there, or it
 * cannot be read or written. The folder is left as it was.
 */
export function openInFolder(folder: string): LogFile {
  const file = path.join(folder, FILE_NAME);
  try {
    makeFolder(folder);
    accessSync(folder, constants.W_OK);
  } catch (error) {
    throw new LogUnavailable(folder, 'the folder cannot be made or written.', error);
  }
  let database: Database.Database | undefined;
  try {
    if (existsSync(file)) checkLogFile(folder, file);
    else createFile(folder, file);
    database = new Database(file);
    lock(database);
    removeLeftovers(folder);
    prepareForScavenging(database, file);
    return { database, acknowledged: new AcknowledgedPosition(folder) };
  } catch (error) {
    database?.close();
    throw unavailable(folder, error);
  }
}

/** Whatever was thrown while a log was opened, as one sentence. */
export const unavailable = (folder: string, error: unknown): LogUnavailable =>
  error instanceof LogUnavailable ? error : new LogUnavailable(folder, reasonOf(error), error);

/**
 * Makes the file under another name and gives it its own once it is complete, so that a file with nothing in it is
 * never one that was just about to be made.
 */
function createFile(folder: string, file: string): void {
  if (readAcknowledgedPosition(folder) > 0) throw acknowledgedEventsMissing(folder);
  const draft = path.join(folder, `${FILE_NAME}.${randomUUID()}`);
  try {
    const database = new Database(draft);
    createTables(database);
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

/** Before any other write: the lock is taken by the first transaction, and held until the file is closed. */
function lock(database: Database.Database): void {
  database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA busy_timeout = 0');
  database.prepare('PRAGMA journal_mode = WAL').all();
  // FULL: in WAL mode every commit is synced to disk before it returns.
  database.exec(`PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = ${PAGES_PER_CHECKPOINT}`);
  database.exec('PRAGMA cache_size = -32000; BEGIN EXCLUSIVE; COMMIT');
}

/**
 * The file of an earlier version cannot shrink before it is rewritten. This rewrites a small file, in a fraction of a
 * second. In a larger one, later appends reuse the space that a scavenge frees.
 */
function prepareForScavenging(database: Database.Database, file: string): void {
  addScavenged(database);
  const { auto_vacuum: mode } = database.prepare<unknown[]>('PRAGMA auto_vacuum').get([]) as {
    auto_vacuum: number;
  };
  if (mode === 0 && statSync(file).size <= REWRITTEN_BYTES)
    database.exec('PRAGMA auto_vacuum = INCREMENTAL; VACUUM');
}

/** Under the lock: what others might need is theirs. */
function removeLeftovers(folder: string): void {
  for (const name of readdirSync(folder))
    if (LEFTOVER.test(name)) rmSync(path.join(folder, name), { force: true });
}

function reasonOf(error: unknown): string {
  const code = codeOf(error);
  if (code.startsWith('SQLITE_BUSY')) return 'another process has it open.';
  if (code === 'SQLITE_NOTADB' || code.startsWith('SQLITE_CORRUPT')) return DAMAGED;
  if (code === 'SQLITE_FULL' || code.startsWith('SQLITE_IOERR')) {
    return 'the disk is full, or does not take what is written.';
  }
  if (code.startsWith('SQLITE_READONLY') || code.startsWith('SQLITE_CANTOPEN')) {
    return `${FILE_NAME} cannot be written.`;
  }
  return error instanceof Error ? error.message : String(error);
}
