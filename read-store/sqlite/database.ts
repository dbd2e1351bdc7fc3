import { statSync } from 'node:fs';
import Libsql from 'libsql';
import { ReadStoreFull, ReadStoreUnusable } from '../errors.ts';
import { REMEDY, translateError } from './translate-error.ts';

export type SqlValue = string | number | bigint | null;
export type Row = readonly unknown[];

/** How long a statement waits for another process's write to end. */
const BUSY_TIMEOUT_MS = 5_000;
/** The same limit while closing: another process may be closing the file at the same time. */
const CLOSING_TIMEOUT_MS = 100;
/** Pages (4 KiB) of the write-ahead log at which SQLite moves them into the file. Writers wait meanwhile, so the number is small. */
const WAL_PAGES = 1_000;
/** Cache of each file in KiB: small, since a rebuild of all read models opens eighteen files and the system caches files too. */
const CACHE_KIB = 1_000;
/** Distinguishes read store files from other SQLite files (`PRAGMA application_id`): "OrRS". */
const APPLICATION_ID = 0x4f725253;
/** Version of the layout (`PRAGMA user_version`). */
const LAYOUT = 2;

let opened = 0;

/** An SQLite file with its prepared statements and transactions. Only this file knows the SQLite library. */
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
   * Opens a file; creates it with `schema` if it is new. A power failure can undo the last commits as a whole (synchronous
   * NORMAL); a crash of the process undoes nothing.
   * Throws `ReadStoreUnusable` when the file belongs to another program or version, `ReadStoreUnavailable` when it is locked.
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

  /** Returns all rows, each an array of its columns; integers are bigint. */
  all(sql: string, ...values: SqlValue[]): Row[] {
    return this.#guarded(() => this.#statement(sql).all(...values)) as Row[];
  }

  /** Returns the first row. */
  get(sql: string, ...values: SqlValue[]): Row | undefined {
    return this.#guarded(() => this.#statement(sql).get(...values)) as Row | undefined;
  }

  /** Returns the number of changed rows. */
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

  /** Returns a text that differs after every write to the file by any connection, and for every opening of it. */
  version(): string {
    // `data_version` only changes with writes of other connections.
    return `${this.#number}.${this.#writes}.${this.get('PRAGMA data_version')?.[0]}`;
  }

  /** Runs the work in one write transaction; an error rolls it back. */
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
          `orderstream (layout ${layout}): start that version, or remove the folder to have the read models rebuilt`,
      );
    this.transaction(() => {
      // Another process may have created the tables while this one waited for the lock.
      if (this.#pragma('application_id') === APPLICATION_ID) return;
      if (this.get('SELECT count(*) FROM sqlite_schema')?.[0] !== 0n)
        throw new ReadStoreUnusable(`${this.file} is an SQLite file, but not one of a read store: ${REMEDY}`);
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

/** Reserves the extra space that a commit may need. The table stays in the file. */
const TAKE_ROOM =
  'CREATE TABLE IF NOT EXISTS room (one INTEGER PRIMARY KEY, filler BLOB); INSERT OR REPLACE INTO room VALUES (1, zeroblob(65536))';
