import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import Database from 'libsql';
import { codeOf, LogUnavailable } from '../errors.ts';
import { acknowledgedEventsMissing, readAcknowledgedPosition } from './acknowledged-position.ts';
import { APPLICATION_ID, SCHEMA_VERSION } from './schema.ts';

/** A file up to this size is checked completely at the start, which takes a fraction of a second. */
const CHECKED_WHOLE_BYTES = 32 * 1024 * 1024;

/** SQLite's own header (https://www.sqlite.org/fileformat.html#the_database_header). */
const HEADER_BYTES = 100;
const MAGIC = 'SQLite format 3\0';
const VERSION_AT = 60;
const APPLICATION_ID_AT = 68;

export const DAMAGED = 'events.db is damaged or is not an event log.';

/**
 * Checks that the file is an undamaged event log of a known version with all acknowledged events. Changes nothing.
 * @throws {LogUnavailable} if it is not
 */
export function checkLogFile(folder: string, file: string): void {
  checkHeader(folder, file);
  const { size } = statSync(file);
  const database = new Database(readOnly(file));
  try {
    // Prepared statements would keep the closed file locked until they are garbage-collected, so CHECK constraints are used.
    database.exec('PRAGMA busy_timeout = 0; PRAGMA temp_store = MEMORY');
    database.exec('CREATE TEMP TABLE facts (fact CHECK (fact))');
    const whole = "SELECT quick_check = 'ok' FROM pragma_quick_check(1)";
    if (size <= CHECKED_WHOLE_BYTES && !isTrue(database, whole)) throw new LogUnavailable(folder, DAMAGED);
    const complete = `SELECT coalesce(max(position), 0) >= ${readAcknowledgedPosition(folder)} FROM events`;
    if (!isTrue(database, complete)) throw acknowledgedEventsMissing(folder);
  } finally {
    database.close();
  }
}

/**
 * Returns the location for a read-only connection: closing a writable one would merge and delete the write-ahead log, even
 * a damaged one. A rollback journal must be replayed before the file can be read, so then the connection is writable.
 */
const readOnly = (file: string): string =>
  existsSync(`${file}-journal`) ? file : `${pathToFileURL(file).href}?mode=ro`;

function isTrue(database: Database.Database, query: string): boolean {
  try {
    database.exec(`INSERT INTO facts ${query}`);
    return true;
  } catch (error) {
    if (codeOf(error) === 'SQLITE_CONSTRAINT_CHECK') return false;
    throw error;
  }
}

function checkHeader(folder: string, file: string): void {
  const header = headerOf(file);
  if (header.length === 0) throw new LogUnavailable(folder, 'events.db is empty: its content was truncated.');
  if (header.length < HEADER_BYTES || header.toString('latin1', 0, MAGIC.length) !== MAGIC) {
    throw new LogUnavailable(folder, DAMAGED);
  }
  if (header.readInt32BE(APPLICATION_ID_AT) !== APPLICATION_ID) {
    throw new LogUnavailable(folder, 'events.db is a database of another program.');
  }
  const version = header.readInt32BE(VERSION_AT);
  if (version !== SCHEMA_VERSION) {
    const reason = `it was written in version ${version} of the format, and this program knows version ${SCHEMA_VERSION}.`;
    throw new LogUnavailable(folder, reason);
  }
}

function headerOf(file: string): Buffer {
  const descriptor = openSync(file, 'r');
  try {
    const header = Buffer.alloc(HEADER_BYTES);
    return header.subarray(0, readSync(descriptor, header, 0, HEADER_BYTES, 0));
  } finally {
    closeSync(descriptor);
  }
}
