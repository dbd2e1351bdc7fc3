import type { Lease, ModelStatus, Note } from '../read-store.ts';
import type { Database, Row } from './database.ts';

/** Data that belongs to no generation: the store's identity, the lease, the status of the read models, and notes. */
export class ControlDatabase {
  readonly #database: Database;
  /** Cache of notes: every request reads them, and they rarely change. */
  readonly #notes = new Map<string, Note>();

  constructor(database: Database) {
    this.#database = database;
  }

  claimIdentity(name: string): string {
    this.#database.run('INSERT OR IGNORE INTO identity VALUES (1, ?)', name);
    return String(this.#database.get('SELECT name FROM identity')?.[0]);
  }

  takeLease(name: string, wanted: Lease, silent: Lease | undefined): Lease {
    return this.#database.transaction(() => {
      this.#database.run(
        `INSERT INTO lease VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE
           SET owner = excluded.owner, url = excluded.url, expires_at = excluded.expires_at
           WHERE owner = excluded.owner OR (owner = ? AND expires_at = ?)`,
        name,
        wanted.owner,
        wanted.url,
        wanted.beat,
        silent?.owner ?? null,
        silent?.beat ?? null,
      );
      return this.currentLease(name) ?? wanted;
    });
  }

  currentLease(name: string): Lease | undefined {
    const row = this.#database.get('SELECT owner, url, expires_at FROM lease WHERE name = ?', name);
    return row === undefined ? undefined : leaseOf(row);
  }

  releaseLease(name: string, owner: string): void {
    this.#database.run('DELETE FROM lease WHERE name = ? AND owner = ?', name, owner);
  }

  note(name: string): Note | undefined {
    const row = this.#database.get('SELECT revision FROM note WHERE name = ?', name);
    if (row === undefined) return undefined;
    const known = this.#notes.get(name);
    if (known?.revision === Number(row[0])) return known;
    const [revision, body] = this.#database.get('SELECT revision, body FROM note WHERE name = ?', name) ?? [];
    const note = { revision: Number(revision), body: JSON.parse(String(body)) };
    this.#notes.set(name, note);
    return note;
  }

  replaceNote(name: string, body: unknown, expected: number): boolean {
    const text = JSON.stringify(body);
    const changed =
      expected === 0
        ? this.#database.run('INSERT OR IGNORE INTO note VALUES (?, 1, ?)', name, text)
        : this.#database.run(
            'UPDATE note SET revision = revision + 1, body = ? WHERE name = ? AND revision = ?',
            text,
            name,
            expected,
          );
    return changed > 0;
  }

  writeStatus(status: ModelStatus): void {
    this.#database.run('INSERT OR REPLACE INTO status VALUES (?, ?)', status.name, JSON.stringify(status));
  }

  statuses(): ModelStatus[] {
    const rows = this.#database.all('SELECT status FROM status ORDER BY name');
    return rows.map(([status]) => JSON.parse(String(status)));
  }

  ping(): void {
    this.#database.get('SELECT count(*) FROM identity');
  }
}

const leaseOf = ([owner, url, beat]: Row): Lease => ({
  owner: String(owner),
  url: String(url),
  beat: Number(beat),
});
