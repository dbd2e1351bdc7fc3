import { join } from 'node:path';
import { makeFolder } from '../../platform/files/make-folder.ts';
import { KeyStoreUnusable } from '../errors.ts';
import type { KeyRecord, KeyRecords } from '../key-records.ts';
import { KeyDatabase } from './database.ts';

const COLUMNS = 'id, wrapped, facts';

/** The records of a key store in the file `keys.db` of a folder, which several processes share. */
export class SqliteRecords implements KeyRecords {
  readonly #database: KeyDatabase;

  /** Creates folder and file when they are missing. Throws `KeyStoreUnusable` and `KeyStoreUnavailable`. */
  constructor(folder: string, busyTimeoutMs?: number) {
    try {
      makeFolder(folder);
    } catch (cause) {
      throw new KeyStoreUnusable(
        `the key store's folder ${folder} cannot be created: check KEY_STORE_URL, and the folder's owner and mode`,
        { cause },
      );
    }
    this.#database = new KeyDatabase(join(folder, 'keys.db'), busyTimeoutMs);
  }

  async find(ids: readonly string[]): Promise<KeyRecord[]> {
    return this.#read(
      `SELECT ${COLUMNS} FROM key WHERE id IN (SELECT value FROM json_each(?))`,
      JSON.stringify(ids),
    );
  }

  async withPrefix(prefix: string): Promise<KeyRecord[]> {
    return this.#read(
      `SELECT ${COLUMNS} FROM key WHERE id >= ? AND id < ? ORDER BY id`,
      prefix,
      `${prefix}\u{10ffff}`,
    );
  }

  async insertIfAbsent({ id, wrapped, facts }: KeyRecord): Promise<KeyRecord> {
    this.#database.run(
      'INSERT INTO key VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
      id,
      wrapped ?? null,
      facts ?? null,
    );
    const [stored] = await this.find([id]);
    return stored ?? { id };
  }

  async setFacts(id: string, facts: string): Promise<void> {
    this.#database.run('UPDATE key SET facts = ? WHERE id = ? AND wrapped IS NOT NULL', facts, id);
  }

  async destroy(id: string): Promise<void> {
    this.#database.run(
      'INSERT INTO key VALUES (?, NULL, NULL) ON CONFLICT DO UPDATE SET wrapped = NULL, facts = NULL',
      id,
    );
  }

  async ping(): Promise<void> {
    this.#database.checkInPlace();
    await this.find([]);
  }

  async close(): Promise<void> {
    this.#database.close();
  }

  #read(sql: string, ...values: string[]): KeyRecord[] {
    return this.#database.all(sql, ...values).map(({ id, wrapped, facts }) => ({
      id: String(id),
      ...(wrapped !== null && wrapped !== undefined && { wrapped }),
      ...(facts !== null && facts !== undefined && { facts }),
    }));
  }
}
