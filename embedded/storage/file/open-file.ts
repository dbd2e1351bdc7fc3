import { randomUUID } from 'node:crypto';
import { accessSync, constants, existsSync, linkSync, readdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import Database from 'libsql';
import { messageOf } from '../../error-message.ts';
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
/** Drafts of the file, and files of the check before the lock. */
const LEFTOVER = /^events\.db(\.[0-9a-f-]{36}(-journal)?|-shm)$/;
/** A checkpoint after about 16 MiB of write-ahead log. */
const PAGES_PER_CHECKPOINT = 4096;
/** Maximum size of a file that is rewritten so that scavenges can shrink it. */
const MAX_REWRITTEN_BYTES = 32 * 1024 * 1024;

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
 * Opens the log in a folder and locks it for this process. Creates the folder and the log if they do not exist.
 * @throws {LogUnavailable} when another process has it open, when it is damaged, incomplete or no log, or when it cannot be
 * read or written. The folder is then unchanged.
 */
export function openInFolder(folder: string): LogFile {
  const file = path.join(folder, FILE_NAME);
  try {
    makeFolder(folder);
    accessSync(folder, constants.W_OK);
  } catch (error) {
    throw new LogUnavailable(folder, 'the folder cannot be created or written.', error);
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
    throw toLogUnavailable(folder, error);
  }
}

/** Returns any error of opening a log as one sentence. */
export const toLogUnavailable = (folder: string, error: unknown): LogUnavailable =>
  error instanceof LogUnavailable ? error : new LogUnavailable(folder, reasonOf(error), error);

/** Creates the file under a draft name and renames it when it is complete. So an empty file always means damage. */
function createFile(folder: string, file: string): void {
  if (readAcknowledgedPosition(folder) > 0) throw acknowledgedEventsMissing(folder);
  const draft = path.join(folder, `${FILE_NAME}.${randomUUID()}`);
  try {
    const database = new Database(draft);
    createTables(database);
    database.close();
    linkSync(draft, file);
  } catch (error) {
    // Another process created the file first. Opening it reports that it is in use.
    if (!existsSync(file)) throw error;
  } finally {
    rmSync(draft, { force: true });
    rmSync(`${draft}-journal`, { force: true });
  }
}

/** Call before any other write: the first transaction takes the lock and holds it until the file is closed. */
function lock(database: Database.Database): void {
  database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA busy_timeout = 0');
  database.prepare('PRAGMA journal_mode = WAL').all();
  // FULL: in WAL mode every commit is synced to disk before it returns.
  database.exec(`PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = ${PAGES_PER_CHECKPOINT}`);
  database.exec('PRAGMA cache_size = -32000; BEGIN EXCLUSIVE; COMMIT');
}

/**
 * Rewrites a small file of an earlier version, in a fraction of a second, so that scavenges can shrink it. A larger file
 * stays as it is; later appends reuse the space that scavenges free.
 */
function prepareForScavenging(database: Database.Database, file: string): void {
  addScavenged(database);
  const { auto_vacuum: mode } = database.prepare<unknown[]>('PRAGMA auto_vacuum').get([]) as {
    auto_vacuum: number;
  };
  if (mode === 0 && statSync(file).size <= MAX_REWRITTEN_BYTES)
    database.exec('PRAGMA auto_vacuum = INCREMENTAL; VACUUM');
}

/** Call with the lock, since another process might need these files. */
function removeLeftovers(folder: string): void {
  for (const name of readdirSync(folder))
    if (LEFTOVER.test(name)) rmSync(path.join(folder, name), { force: true });
}

function reasonOf(error: unknown): string {
  const code = codeOf(error);
  if (code.startsWith('SQLITE_BUSY')) return 'another process has it open.';
  if (code === 'SQLITE_NOTADB' || code.startsWith('SQLITE_CORRUPT')) return DAMAGED;
  if (code === 'SQLITE_FULL' || code.startsWith('SQLITE_IOERR')) {
    return 'the disk is full or rejects writes.';
  }
  if (code.startsWith('SQLITE_READONLY') || code.startsWith('SQLITE_CANTOPEN')) {
    return `${FILE_NAME} cannot be written.`;
  }
  return messageOf(error);
}
