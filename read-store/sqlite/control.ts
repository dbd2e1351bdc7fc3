import type { Lease, ModelStatus } from '../read-store.ts';
import type { Database, Row } from './database.ts';

/** What is not of one model: the store's identity, the lease, which generation is live, how the models are. */
export class Control {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  takeIdentity(name: string): string {
    this.#database.run('INSERT OR IGNORE INTO identity VALUES (1, ?)', name);
    return String(this.#database.get('SELECT name FROM identity')?.[0]);
  }

  takeLease(name: string, wanted: Lease, now: number): Lease {
    return this.#database.transaction(() => {
      this.#database.run(
        `INSERT INTO lease VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE
           SET owner = excluded.owner, url = excluded.url, expires_at = excluded.expires_at
           WHERE owner = excluded.owner OR expires_at <= ?`,
        name,
        wanted.owner,
        wanted.url,
        wanted.expiresAt,
        now,
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

  liveGeneration(model: string): number {
    return Number(this.#database.get('SELECT generation FROM live WHERE model = ?', model)?.[0] ?? 0);
  }

  makeLive(model: string, generation: number): void {
    this.#database.run('INSERT OR REPLACE INTO live VALUES (?, ?)', model, generation);
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

const leaseOf = ([owner, url, expiresAt]: Row): Lease => ({
  owner: String(owner),
  url: String(url),
  expiresAt: Number(expiresAt),
});
