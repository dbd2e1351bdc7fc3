import type Database from 'libsql';
import { TOMBSTONE_REVISION } from '../event.ts';

/** A stream that may have removable events: it has metadata, is a metastream, or was deleted. */
export interface Candidate {
  readonly id: number;
  readonly name: string;
}

/** SQL statements of a scavenge. */
export class ScavengeQueries {
  readonly #database: Database.Database;
  readonly #candidates;
  readonly #oldest;
  readonly #remove;

  constructor(database: Database.Database) {
    const prepare = (sql: string) => database.prepare<unknown[]>(sql).raw();
    this.#database = database;
    this.#candidates = prepare(
      `SELECT id, name FROM streams WHERE id > ? AND id <= ? AND (substr(name, 1, 2) = x'2424'
         OR EXISTS (SELECT 1 FROM events WHERE stream = streams.id AND revision = ${TOMBSTONE_REVISION}))`,
    );
    this.#oldest = prepare(
      'SELECT revision, length(metadata) + length(data) FROM events WHERE stream = ? AND revision < ? ORDER BY revision LIMIT ?',
    );
    this.#remove = database.prepare<unknown[]>(
      'DELETE FROM events WHERE stream = ? AND revision BETWEEN ? AND ?',
    );
  }

  /** Returns candidates with row ids above `after` and at most `upTo`. */
  candidates(after: number, upTo: number): Candidate[] {
    const rows = this.#candidates.all([after, upTo]) as [number, Buffer][];
    return rows.map(([id, name]) => ({ id, name: name.toString() }));
  }

  /** Returns revisions below `before`, lowest first, with the bytes of each. */
  oldest(stream: number, before: number, limit: number): [revision: number, bytes: number][] {
    return this.#oldest.all([stream, before, limit]) as [number, number][];
  }

  remove(stream: number, from: number, to: number): void {
    this.#remove.run([stream, from, to]);
  }

  /** Returns the number of pages that can be freed; 0 for a large file of an earlier version. */
  freePages(): number {
    return this.#pragma('auto_vacuum') === 0 ? 0 : this.#pragma('freelist_count');
  }

  /** Moves used pages away from the end of the file and truncates it. Returns the freed bytes. */
  returnPages(pages: number): number {
    const before = this.#pragma('page_count');
    this.#database.exec(`PRAGMA incremental_vacuum(${pages})`);
    return (before - this.#pragma('page_count')) * this.#pragma('page_size');
  }

  /** Checkpoints the write-ahead log, after which the file becomes smaller. */
  checkpoint(): void {
    this.#database.exec('PRAGMA wal_checkpoint(PASSIVE)');
  }

  #pragma(name: string): number {
    const row = this.#database.prepare<unknown[]>(`PRAGMA ${name}`).raw().get([]) as [number];
    return row[0];
  }
}
