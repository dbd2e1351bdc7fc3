import type Database from 'libsql';
import { uuidFromBytes } from '../uuid.ts';

/** Maximum number of recorded scavenged events, the newest; 30 bytes each. */
const MAX_RECORDED = 131_072;

export interface EventLocation {
  readonly stream: number;
  readonly revision: number;
  readonly id: string;
}

/** Records the positions and ids of scavenged events. */
export class ScavengedEvents {
  readonly #add;
  readonly #locate;
  readonly #newest;
  readonly #trim;
  #lastGap: number;

  constructor(database: Database.Database) {
    const prepare = (sql: string) => database.prepare<unknown[]>(sql).raw();
    this.#add = database.prepare<unknown[]>(
      'INSERT OR IGNORE INTO scavenged SELECT position, stream, revision, id FROM events WHERE stream = ? AND revision BETWEEN ? AND ?',
    );
    this.#locate = prepare('SELECT stream, revision, id FROM scavenged WHERE position = ?');
    this.#newest = prepare('SELECT max(position) FROM scavenged');
    this.#trim = database.prepare<unknown[]>(
      `DELETE FROM scavenged WHERE position IN (SELECT position FROM scavenged ORDER BY position DESC LIMIT ? OFFSET ${MAX_RECORDED})`,
    );
    this.#lastGap = this.#readLastGap();
  }

  /** The position up to which events may be missing; 0 if none was scavenged. */
  get lastGap(): number {
    return this.#lastGap;
  }

  /** Records the events of these revisions; call before they are removed. */
  add(stream: number, from: number, to: number): void {
    this.#add.run([stream, from, to]);
  }

  /** Call after each transaction, committed or not. */
  refresh(): void {
    this.#lastGap = this.#readLastGap();
  }

  locate(position: number): EventLocation | undefined {
    const row = this.#locate.get([position]) as [number, number, Buffer] | undefined;
    return row && { stream: row[0], revision: row[1], id: uuidFromBytes(row[2]) };
  }

  /** Removes at most `limit` records beyond the maximum; returns their number. */
  trim(limit: number): number {
    return this.#trim.run([limit]).changes;
  }

  #readLastGap(): number {
    return (this.#newest.get([]) as [number | null])[0] ?? 0;
  }
}
