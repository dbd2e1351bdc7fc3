import { statSync } from 'node:fs';
import Libsql from 'libsql';
import { ReadStoreFull, ReadStoreUnavailable, ReadStoreUnusable } from '../errors.ts';

export type SqlValue = string | number | bigint | null;
export type Row = readonly unknown[];

/** How long a statement waits for another process's write to end. */
const BUSY_TIMEOUT_MS = 5_000;
/** The same while the file is being closed, since another process may be closing it too. */
const CLOSING_TIMEOUT_MS = 100;
/** The log of a file grows to so many pages (of 4 KiB) before they are moved into it, while everybody waits: few at a time. */
const WAL_PAGES = 1_000;
/** Kept at hand of each file, in KiB: a rebuild of all has eighteen open. What is not there the system has in its own cache. */
const CACHE_KIB = 1_000;
/** Tells our files from other SQLite files (`PRAGMA application_id`): "OrRS". */
const APPLICATION_ID = 0x4f725253;
/** Of the tables' layout (`PRAGMA user_version`). */
const LAYOUT = 2;

let opened = 0;

/** The one place that knows the SQLite library: a file, its prepared statements, its transactions. */
export class Database {
  readonly file: string;
  readonly #connection: Libsql.Database;
  readonly #statements = new Map<string, Libsql.Statement<SqlValue[]>>();
  readonly #inode: string | undefined;
  readonly #number = ++opened;
  #writes = 0;
  /** Why the last transaction or single write failed. */
  #full: ReadStoreFull | undefined;

  /**
   * Opens a file, making it with `schema` when it is new. A commit that a power failure takes back is taken back whole
   * (synchronous NORMAL); ending the process takes nothing back.
   * Throws `ReadStoreUnusable` when the file is another's or newer, `ReadStoreUnavailable` when it is locked.
   */
  constructor(file: string, schema: string) {
    this.file = file;
    this.#connection = this.#guarded(() => new Libsql(file, { timeout: BUSY_TIMEOUT_MS }));
    try {
      this.#prepareFile(schema);
    } catch (error) {
      this.#connection.close();
      throw error;
    }
    this.#inode = inodeOf(file);
  }

  /** Returns whether the file is still at its path. An open file stays readable after it was removed or replaced. */
  isInPlace(): boolean {
    return this.#inode !== undefined && inodeOf(this.file) === this.#inode;
  }

  /** Throws `ReadStoreFull` while writes fail. After a failed write, tests whether there is room again. */
  checkRoom(): void {
    if (this.#full === undefined) return;
    try {
      this.transaction(() => this.exec(TAKE_ROOM));
    } catch (error) {
      if (error instanceof ReadStoreFull) throw error;
      // Another process is writing, so there is room.
      this.#full = undefined;
    }
  }

  /** All rows, each an array of its columns; integers come as bigint. */
  all(sql: string, ...values: SqlValue[]): Row[] {
    return this.#guarded(() => this.#statement(sql).all(...values)) as Row[];
  }

  /** The first row. */
  get(sql: string, ...values: SqlValue[]): Row | undefined {
    return this.#guarded(() => this.#statement(sql).get(...values)) as Row | undefined;
  }

  /** Answers how many rows were changed. */
  run(sql: string, ...values: SqlValue[]): number {
    this.#writes += 1;
    const { changes } = this.#guarded(() => this.#statement(sql).run(...values));
    if (!this.#connection.inTransaction) this.#full = undefined;
    return changes;
  }

  exec(sql: string): void {
    this.#writes += 1;
    this.#guarded(() => this.#connection.exec(sql));
  }

  /** Another after every write to the file, by this connection or by others, and for every opening of it. */
  version(): string {
    // SQLite tells of others' writes alone.
    return `${this.#number}.${this.#writes}.${this.get('PRAGMA data_version')?.[0]}`;
  }

  /** Does the work in one transaction that writes; an error takes it all back. */
  transaction<Result>(work: () => Result): Result {
    this.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.exec('COMMIT');
      this.#full = undefined;
      return result;
    } catch (error) {
      if (this.#connection.inTransaction) this.exec('ROLLBACK');
      throw error;
    }
  }

  /** Empties the write-ahead log of a file that no other process uses. */
  close(): void {
    if (!this.#connection.open) return;
    this.#emptyLog();
    this.#statements.clear();
    this.#connection.close();
  }

  /** The library releases a closed file only when its statements are garbage-collected, too late to empty the log. */
  #emptyLog(): void {
    try {
      this.#connection.exec(`PRAGMA busy_timeout = ${CLOSING_TIMEOUT_MS}; PRAGMA wal_checkpoint(TRUNCATE)`);
    } catch {
      // Nothing is lost: the next process that opens the file reads the log.
    }
  }

  #statement(sql: string): Libsql.Statement<SqlValue[]> {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.#connection.prepare<SqlValue[]>(sql);
    if (statement.reader) statement.raw().safeIntegers();
    this.#statements.set(sql, statement);
    return statement;
  }

  #prepareFile(schema: string): void {
    this.exec(
      'PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; ' +
        `PRAGMA cache_size = -${CACHE_KIB}; PRAGMA wal_autocheckpoint = ${WAL_PAGES};`,
    );
    const [application, layout] = [this.#pragma('application_id'), this.#pragma('user_version')];
    if (application === APPLICATION_ID && layout === LAYOUT) return;
    if (application === APPLICATION_ID)
      throw new ReadStoreUnusable(
        `the read store's file ${this.file} was written by ${layout > LAYOUT ? 'a newer' : 'an older'} version of ` +
          `orderstream (layout ${layout}): start that version, or remove the folder to have the read models built anew`,
      );
    this.transaction(() => {
      // Another process may have made the tables while we waited for the lock.
      if (this.#pragma('application_id') === APPLICATION_ID) return;
      if (this.get('SELECT count(*) FROM sqlite_schema')?.[0] !== 0n)
        throw new ReadStoreUnusable(
          `${this.file} is an SQLite file, but not one of a read store: ${ANOTHER}`,
        );
      this.exec(`${schema}; PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${LAYOUT};`);
    });
  }

  #pragma(name: string): number {
    return Number(this.get(`PRAGMA ${name}`)?.[0] ?? 0);
  }

  #guarded<Result>(work: () => Result): Result {
    try {
      return work();
    } catch (error) {
      const ours = translateError(error, this.file);
      if (ours instanceof ReadStoreFull) this.#full = ours;
      throw ours;
    }
  }
}

function inodeOf(file: string): string | undefined {
  const found = statSync(file, { bigint: true, throwIfNoEntry: false });
  return found && `${found.dev}:${found.ino}`;
}

const ANOTHER = 'give READ_STORE_URL another folder, or remove this one to have the read models built anew';

/** Reserves the extra space that a commit may need. The table stays in the file. */
const TAKE_ROOM =
  'CREATE TABLE IF NOT EXISTS room (one INTEGER PRIMARY KEY, filler BLOB); INSERT OR REPLACE INTO room VALUES (1, zeroblob(65536))';

const DISK_FULL = "the read store's disk is full";
/** Other errors of a full disk: the shared memory of the log cannot grow, a file can be neither written nor synced. */
const WRITE_FAULT = /^SQLITE_IOERR_(WRITE|FSYNC|DIR_FSYNC|TRUNCATE|SHMSIZE|SHMOPEN|SHMMAP)$/;

function translateError(error: unknown, file: string): unknown {
  if (!(error instanceof Error)) return error;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (code.startsWith('SQLITE_NOTADB') || code.startsWith('SQLITE_CORRUPT'))
    return new ReadStoreUnusable(`${file} is damaged, or no SQLite file at all: ${ANOTHER}`);
  if (code.startsWith('SQLITE_READONLY') || code.startsWith('SQLITE_PERM'))
    return new ReadStoreUnusable(`the read store's file ${file} cannot be written: check its owner and mode`);
  if (code.startsWith('SQLITE_CANTOPEN') || error.message.includes('Unable to open'))
    return new ReadStoreUnusable(
      `the read store's file ${file} cannot be opened: check its folder's owner and mode`,
    );
  if (code === 'SQLITE_FULL') return new ReadStoreFull(DISK_FULL, { cause: error });
  if (WRITE_FAULT.test(code))
    return new ReadStoreFull(`${DISK_FULL}, or does not take what is written`, { cause: error });
  if (/^SQLITE_(BUSY|LOCKED|IOERR|INTERRUPT)/.test(code))
    return new ReadStoreUnavailable(`${file}: ${error.message}`, { cause: error });
  return error;
}
