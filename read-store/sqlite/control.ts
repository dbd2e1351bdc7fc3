import type { Lease, Metadata, ModelStatus } from '../read-store.ts';
import type { Database } from './database.ts';

/**
 * Data that belongs to no generation: the store's identity, the lease, the status of the read models, and metadata. SQLite
 * works synchronously: the work is done when a method returns its promise.
 */
export class SqliteControl {
  #control: Database;
  /** Cache of metadata: every request reads it, and it rarely changes. */
  readonly #cache = new Map<string, Metadata>();

  constructor(control: Database) {
    this.#control = control;
  }

  /** Replaces the database after the read store was reopened. */
  protected useControl(control: Database): void {
    this.#control = control;
    this.#cache.clear();
  }

  async claimIdentity(name: string): Promise<string> {
    this.#control.run('INSERT OR IGNORE INTO identity VALUES (1, ?)', name);
    return String(this.#control.get('SELECT name FROM identity')?.[0]);
  }

  async takeLease(name: string, wanted: Lease, silent?: Lease): Promise<Lease> {
    return this.#control.transaction(() => {
      this.#control.run(
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
      return this.#lease(name) ?? wanted;
    });
  }

  async currentLease(name: string): Promise<Lease | undefined> {
    return this.#lease(name);
  }

  async releaseLease(name: string, owner: string): Promise<void> {
    this.#control.run('DELETE FROM lease WHERE name = ? AND owner = ?', name, owner);
  }

  async metadata(name: string): Promise<Metadata | undefined> {
    return this.metadataNow(name);
  }

  protected metadataNow(name: string): Metadata | undefined {
    const row = this.#control.get('SELECT revision FROM note WHERE name = ?', name);
    if (row === undefined) return undefined;
    const known = this.#cache.get(name);
    if (known?.revision === Number(row[0])) return known;
    const [revision, body] = this.#control.get('SELECT revision, body FROM note WHERE name = ?', name) ?? [];
    const metadata = { revision: Number(revision), body: JSON.parse(String(body)) };
    this.#cache.set(name, metadata);
    return metadata;
  }

  async replaceMetadata(name: string, body: unknown, expected: number): Promise<boolean> {
    const text = JSON.stringify(body);
    const changed =
      expected === 0
        ? this.#control.run('INSERT OR IGNORE INTO note VALUES (?, 1, ?)', name, text)
        : this.#control.run(
            'UPDATE note SET revision = revision + 1, body = ? WHERE name = ? AND revision = ?',
            text,
            name,
            expected,
          );
    return changed > 0;
  }

  async writeStatus(status: ModelStatus): Promise<void> {
    this.#control.run('INSERT OR REPLACE INTO status VALUES (?, ?)', status.name, JSON.stringify(status));
  }

  async statuses(): Promise<ModelStatus[]> {
    const rows = this.#control.all('SELECT status FROM status ORDER BY name');
    return rows.map(([status]) => JSON.parse(String(status)));
  }

  /** Throws `ReadStoreUnavailable` when the file cannot be read. */
  protected pingControl(): void {
    this.#control.get('SELECT count(*) FROM identity');
  }

  #lease(name: string): Lease | undefined {
    const row = this.#control.get('SELECT owner, url, expires_at FROM lease WHERE name = ?', name);
    return row && { owner: String(row[0]), url: String(row[1]), beat: Number(row[2]) };
  }
}
