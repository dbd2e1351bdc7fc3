import type Database from 'libsql';
import { uuidFromBytes } from '../uuid.ts';

/** Maximum number of remembered scavenged events, the newest; 30 bytes each. */
const KEPT = 131_072;

export interface EventLocation {
  readonly stream: number;
  readonly revision: number;
  readonly id: string;
}

/** Remembers positions and ids of scavenged events. */
export class ScavengedEvents {
  readonly #add;
  readonly #locate;
  readonly #newest;
  readonly #trim;
  #through: number;

  constructor(database: Database.Database) {
    const prepare = (sql: string) => database.prepare<unknown[]>(sql).raw();
    this.#add = database.prepare<unknown[]>(
      'INSERT OR IGNORE INTO scavenged SELECT position, stream, revision, id FROM events WHERE stream = ? AND revision BETWEEN ? AND ?',
    );
    this.#locate = prepare('SELECT stream, revision, id FROM scavenged WHERE position = ?');
    this.#newest = prepare('SELECT max(position) FROM scavenged');
    this.#trim = database.prepare<unknown[]>(
      `DELETE FROM scavenged WHERE position IN (SELECT position FROM scavenged ORDER BY position DESC LIMIT ? OFFSET ${KEPT})`,
    );
    this.#through = this.#readThrough();
  }

  /** Position up to which the log may have gaps; 0 for none. */
  get through(): number {
    return this.#through;
  }

  /** Adds the events of these revisions, before they are removed. */
  add(stream: number, from: number, to: number): void {
    this.#add.run([stream, from, to]);
  }

  /** Call after each transaction, committed or not. */
  refresh(): void {
    this.#through = this.#readThrough();
  }

  locate(position: number): EventLocation | undefined {
    const row = this.#locate.get([position]) as [number, number, Buffer] | undefined;
    return row && { stream: row[0], revision: row[1], id: uuidFromBytes(row[2]) };
  }

  /** Forgets some events beyond the maximum; returns their number. */
  trim(limit: number): number {
    return this.#trim.run([limit]).changes;
  }

  #readThrough(): number {
    return (this.#newest.get([]) as [number | null])[0] ?? 0;
  }
}
