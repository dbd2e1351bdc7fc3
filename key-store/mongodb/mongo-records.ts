import type { Collection, MongoClient } from 'mongodb';
import { redactSecretsOf, redactUrl } from '../../platform/config/redact-url.ts';
import { createClient, databaseOf } from '../../platform/mongodb/client.ts';
import { watchHeartbeats } from '../../platform/mongodb/heartbeats.ts';
import { createErrorTranslation } from '../../platform/mongodb/translate-errors.ts';
import { KeyStoreUnavailable, KeyStoreUnusable } from '../errors.ts';
import type { KeyRecord, KeyRecords } from '../key-records.ts';

interface StoredRecord {
  readonly _id: string;
  readonly wrapped?: string;
  readonly facts?: string;
}

const { translateErrors, ignoreDuplicateId } = createErrorTranslation({
  setting: 'KEY_STORE_URL',
  store: 'key store',
  unavailable: KeyStoreUnavailable,
  full: KeyStoreUnavailable,
  unusable: KeyStoreUnusable,
});

/**
 * The records of a key store in a MongoDB database of its own, one document each. Writes are confirmed by a majority, and reads
 * return what a majority has: no election brings a destroyed key back.
 */
export class MongoRecords implements KeyRecords {
  readonly #client: MongoClient;
  readonly #records: Collection<StoredRecord>;
  readonly #stopWatch: () => void;

  private constructor(client: MongoClient, database: string, warn: (message: string) => void) {
    this.#client = client;
    this.#records = client.db(database).collection('keys');
    this.#stopWatch = watchHeartbeats(client, warn);
  }

  /** Throws `KeyStoreUnusable`, or `KeyStoreUnavailable` when no server responds. No message contains the URL's password. */
  static async open(url: string, warn: (message: string) => void): Promise<MongoRecords> {
    const client = createClient(url, {
      setting: 'KEY_STORE_URL',
      needs: 'the key store needs',
      unusable: KeyStoreUnusable,
    });
    const records = new MongoRecords(client, databaseOf(url, 'orderstream-keys'), warn);
    try {
      await records.ping();
      return records;
    } catch (error) {
      await records.close();
      if (!(error instanceof KeyStoreUnavailable)) throw error;
      const why = error.message.replace(/^MongoDB: /, '');
      throw new KeyStoreUnavailable(
        `no MongoDB responds at KEY_STORE_URL, which is ${redactUrl(url)}: ${redactSecretsOf(url, why)}`,
        { cause: error },
      );
    }
  }

  async find(ids: readonly string[]): Promise<KeyRecord[]> {
    const found = await translateErrors(() => this.#records.find({ _id: { $in: [...ids] } }).toArray());
    return found.map(asRecord);
  }

  async withPrefix(prefix: string): Promise<KeyRecord[]> {
    const filter = { _id: { $gte: prefix, $lt: `${prefix}\u{10ffff}` } };
    const found = await translateErrors(() => this.#records.find(filter).sort({ _id: 1 }).toArray());
    return found.map(asRecord);
  }

  async insertIfAbsent(record: KeyRecord): Promise<KeyRecord> {
    const { id: _id, ...fields } = record;
    await ignoreDuplicateId(() => this.#records.insertOne({ _id, ...fields }));
    const [stored] = await this.find([_id]);
    if (stored === undefined) throw new KeyStoreUnavailable('MongoDB: a stored key cannot be read yet');
    return stored;
  }

  async setFacts(id: string, facts: string): Promise<void> {
    const filter = { _id: id, wrapped: { $exists: true } };
    await translateErrors(() => this.#records.updateOne(filter, { $set: { facts } }));
  }

  async destroy(id: string): Promise<void> {
    const tombstone = { $unset: { wrapped: '', facts: '' } } as const;
    const destroyed = await ignoreDuplicateId(() =>
      this.#records.updateOne({ _id: id }, tombstone, { upsert: true }),
    );
    // The key was created at the same time.
    if (destroyed === undefined) await translateErrors(() => this.#records.updateOne({ _id: id }, tombstone));
  }

  async ping(): Promise<void> {
    await this.find(['check']);
  }

  async close(): Promise<void> {
    this.#stopWatch();
    await this.#client.close();
  }
}

const asRecord = ({ _id, wrapped, facts }: StoredRecord): KeyRecord => ({
  id: _id,
  ...(wrapped !== undefined && { wrapped }),
  ...(facts !== undefined && { facts }),
});
