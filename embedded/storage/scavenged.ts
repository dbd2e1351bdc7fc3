import type Database from 'libsql';
import { uuidFromBytes } from './uuid.ts';

/** How many of the newest scavenged events are remembered: 30 bytes each. */
const KEPT = 131_072;

export interface Whereabouts {
  readonly stream: number;
  readonly revision: number;
  readonly id: string;
}

/** What is remembered of events that a scavenge removed: where they were, and their ids. */
export class Scavenged {
  readonly #add;
  readonly #whereabouts;
  readonly #newest;
  readonly #trim;
  #through: number;

  constructor(database: Database.Database) {
    const prepare = (sql: string) => database.prepare<unknown[]>(sql).raw();
    this.#add = database.prepare<unknown[]>(
      'INSERT OR IGNORE INTO scavenged SELECT position, stream, revision, id FROM events WHERE stream = ? AND revision BETWEEN ? AND ?',
    );
    this.#whereabouts = prepare('SELECT stream, revision, id FROM scavenged WHERE position = ?');
    this.#newest = prepare('SELECT max(position) FROM scavenged');
    this.#trim = database.prepare<unknown[]>(
      `DELETE FROM scavenged WHERE position IN (SELECT position FROM scavenged ORDER BY position DESC LIMIT ? OFFSET ${KEPT})`,
    );
    this.#through = this.#readThrough();
  }

  /** The position up to which the log may have gaps; 0 for none. */
  get through(): number {
    return this.#through;
  }

  /** Remembers the events of these revisions, which are about to be removed. */
  add(stream: number, from: number, to: number): void {
    this.#add.run([stream, from, to]);
  }

  /** To be called when a transaction ended, whichever way. */
  refresh(): void {
    this.#through = this.#readThrough();
  }

  whereabouts(position: number): Whereabouts | undefined {
    const row = this.#whereabouts.get([position]) as [number, number, Buffer] | undefined;
    return row && { stream: row[0], revision: row[1], id: uuidFromBytes(row[2]) };
  }

  /** Forgets some of those that are too many; answers how many. */
  trim(limit: number): number {
    return this.#trim.run([limit]).changes;
  }

  #readThrough(): number {
    return (this.#newest.get([]) as [number | null])[0] ?? 0;
  }
}
