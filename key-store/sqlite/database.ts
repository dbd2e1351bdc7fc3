import { closeSync, openSync, statSync } from 'node:fs';
import Libsql from 'libsql';
import { KeyStoreUnusable } from '../errors.ts';
import { translateError } from './translate-error.ts';

/** How long a statement waits for another process's write to end. The event loop waits too. */
const BUSY_TIMEOUT_MS = 2_000;
/** Distinguishes key store files from other SQLite files (`PRAGMA application_id`): "OrKS". */
const APPLICATION_ID = 0x4f724b53;
/** Version of the layout (`PRAGMA user_version`). */
const LAYOUT = 1;
const SCHEMA =
  'CREATE TABLE key (id TEXT PRIMARY KEY NOT NULL, wrapped TEXT, facts TEXT) STRICT, WITHOUT ROWID';

type SqlValue = string | null;

/**
 * The SQLite file of a key store. A commit is on disk before it returns (synchronous EXTRA). What is deleted is overwritten in
 * the file (secure_delete), and the rollback journal is deleted with the commit: unlike a write-ahead log, it keeps no former key.
 */
export class KeyDatabase {
  readonly #file: string;
  readonly #connection: Libsql.Database;
  readonly #inode: string | undefined;

  /**
   * Opens the file; creates it, readable by its owner only, when it is missing. Throws `KeyStoreUnusable` when the file belongs
   * to another program or version, `KeyStoreUnavailable` when it is locked.
   */
  constructor(file: string, busyTimeoutMs = BUSY_TIMEOUT_MS) {
    this.#file = file;
    this.#connection = this.#guarded(() => {
      closeSync(openSync(file, 'a', 0o600));
      return new Libsql(file, { timeout: busyTimeoutMs });
    });
    try {
      this.#guarded(() => this.#prepare());
    } catch (error) {
      this.#connection.close();
      throw error;
    }
    this.#inode = inodeOf(file);
  }

  all(sql: string, ...values: SqlValue[]): Record<string, string | null>[] {
    return this.#guarded(() => this.#connection.prepare<SqlValue[]>(sql).all(...values)) as Record<
      string,
      string | null
    >[];
  }

  run(sql: string, ...values: SqlValue[]): void {
    this.checkInPlace();
    this.#guarded(() => this.#connection.prepare<SqlValue[]>(sql).run(...values));
  }

  /** Throws when the file was removed or replaced: a key that is written to a removed file would be lost. */
  checkInPlace(): void {
    if (this.#inode === undefined || inodeOf(this.#file) !== this.#inode)
      throw new KeyStoreUnusable(
        `the key store's file ${this.#file} was removed or replaced while it was in use: put it back, and start again`,
      );
  }

  close(): void {
    if (this.#connection.open) this.#connection.close();
  }

  #prepare(): void {
    this.#connection.exec(
      'PRAGMA journal_mode = DELETE; PRAGMA synchronous = EXTRA; PRAGMA secure_delete = ON;',
    );
    if (this.#isOurs()) return;
    this.#connection.exec('BEGIN IMMEDIATE');
    try {
      // Another process may have created the table while this one waited for the lock.
      if (!this.#isOurs()) {
        if (this.#number('SELECT count(*) AS n FROM sqlite_schema') !== 0)
          throw new KeyStoreUnusable(`${this.#file} is an SQLite file, but not one of a key store`);
        this.#connection.exec(
          `${SCHEMA}; PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${LAYOUT};`,
        );
      }
      this.#connection.exec('COMMIT');
    } catch (error) {
      if (this.#connection.inTransaction) this.#connection.exec('ROLLBACK');
      throw error;
    }
  }

  #isOurs(): boolean {
    if (this.#number('SELECT application_id AS n FROM pragma_application_id') !== APPLICATION_ID)
      return false;
    const layout = this.#number('SELECT user_version AS n FROM pragma_user_version');
    if (layout !== LAYOUT)
      throw new KeyStoreUnusable(
        `the key store's file ${this.#file} was written by another version of orderstream (layout ${layout}): start that version`,
      );
    return true;
  }

  #number(sql: string): number {
    const row = this.#connection.prepare<[]>(sql).get() as { readonly n: number } | undefined;
    return Number(row?.n ?? 0);
  }

  #guarded<Result>(work: () => Result): Result {
    try {
      return work();
    } catch (error) {
      throw translateError(error, this.#file);
    }
  }
}

function inodeOf(file: string): string | undefined {
  const found = statSync(file, { bigint: true, throwIfNoEntry: false });
  return found && `${found.dev}:${found.ino}`;
}
