import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import { KeyStoreUnusable, PersonForgotten } from './errors.ts';
import type { KeyRecord, KeyRecords } from './key-records.ts';
import type { KeyStore, PersonKey, SecretName, SigningKey } from './key-store.ts';
import { PersonKeyCache } from './person-key-cache.ts';
import { open, seal } from './seal.ts';
import { createSigningKey, factsOf, SIGNING, signingId, signingKeyOf } from './signing-keys.ts';

const KEY_BYTES = 32;
/** A record that every process unwraps when it opens the store, to learn whether its master key is the right one. */
const CHECK = 'check';

const personRecord = (personId: string): string => `person:${personId}`;
const secretRecord = (name: SecretName): string => `secret:${name}`;

/** The key store over the records of an adapter: wraps each key with the master key before it is stored. */
export class WrappedKeyStore implements KeyStore {
  readonly #records: KeyRecords;
  readonly #masterKey: KeyObject;
  readonly #cache = new PersonKeyCache();
  readonly #secrets = new Map<SecretName, KeyObject>();

  private constructor(records: KeyRecords, masterKey: KeyObject) {
    this.#records = records;
    this.#masterKey = masterKey;
  }

  /** Throws `KeyStoreUnusable` when the keys were stored with another master key; the records are then closed. */
  static async open(records: KeyRecords, masterKey: KeyObject): Promise<WrappedKeyStore> {
    const store = new WrappedKeyStore(records, masterKey);
    try {
      store.#unwrap(await store.#getOrCreate(CHECK));
      return store;
    } catch (error) {
      await records.close();
      throw error;
    }
  }

  async personKey(personId: string): Promise<KeyObject> {
    const known =
      (await this.existingKeys([personId])).get(personId) ?? (await this.#createPersonKey(personId));
    if (known === 'forgotten') throw new PersonForgotten();
    return known;
  }

  async existingKeys(personIds: readonly string[]): Promise<ReadonlyMap<string, PersonKey>> {
    const found = new Map<string, PersonKey>();
    const unknown = new Map<string, string>();
    for (const personId of personIds) {
      const cached = this.#cache.get(personId);
      if (cached === undefined) unknown.set(personRecord(personId), personId);
      else found.set(personId, cached);
    }
    if (unknown.size === 0) return found;
    const readAt = performance.now();
    for (const record of await this.#records.find([...unknown.keys()])) {
      const personId = unknown.get(record.id);
      if (personId !== undefined) found.set(personId, this.#remember(personId, record, readAt));
    }
    return found;
  }

  async forget(personId: string): Promise<void> {
    await this.#records.destroy(personRecord(personId));
    this.#cache.set(personId, 'forgotten', performance.now());
  }

  async secret(name: SecretName): Promise<KeyObject> {
    const known = this.#secrets.get(name);
    if (known !== undefined) return known;
    const secret = createSecretKey(this.#unwrap(await this.#getOrCreate(secretRecord(name))));
    this.#secrets.set(name, secret);
    return secret;
  }

  async signingKeys(): Promise<readonly SigningKey[]> {
    const records = await this.#records.withPrefix(SIGNING);
    return records
      .filter(({ wrapped }) => wrapped !== undefined)
      .map((record) => signingKeyOf(record, this.#unwrap(record)));
  }

  async addSigningKey(key: Pick<SigningKey, 'number' | 'createdAt' | 'activeFrom'>): Promise<SigningKey> {
    const id = signingId(key.number);
    const { pkcs8, facts } = createSigningKey(key);
    const stored = await this.#records.insertIfAbsent({ id, wrapped: this.#wrap(id, pkcs8), facts });
    if (stored.wrapped === undefined)
      throw new RangeError(`signing key ${key.number} was removed; the next number is needed`);
    return signingKeyOf(stored, this.#unwrap(stored));
  }

  async retireSigningKey(number: number, retiredAt: string): Promise<void> {
    const [stored] = await this.#records.find([signingId(number)]);
    if (stored?.wrapped === undefined) return;
    const facts = factsOf(stored);
    if (facts.retiredAt === undefined)
      await this.#records.setFacts(stored.id, JSON.stringify({ ...facts, retiredAt }));
  }

  removeSigningKey(number: number): Promise<void> {
    return this.#records.destroy(signingId(number));
  }

  ping(): Promise<void> {
    return this.#records.ping();
  }

  close(): Promise<void> {
    return this.#records.close();
  }

  async #createPersonKey(personId: string): Promise<PersonKey> {
    const readAt = performance.now();
    return this.#remember(personId, await this.#getOrCreate(personRecord(personId)), readAt);
  }

  #remember(personId: string, record: KeyRecord, readAt: number): PersonKey {
    const key = record.wrapped === undefined ? 'forgotten' : createSecretKey(this.#unwrap(record));
    this.#cache.set(personId, key, readAt);
    return key;
  }

  /** Returns the record with this id; creates it with a random key. */
  async #getOrCreate(id: string): Promise<KeyRecord> {
    const [found] = await this.#records.find([id]);
    return (
      found ?? (await this.#records.insertIfAbsent({ id, wrapped: this.#wrap(id, randomBytes(KEY_BYTES)) }))
    );
  }

  #wrap(id: string, key: Buffer): string {
    return seal(this.#masterKey, key, id);
  }

  #unwrap({ id, wrapped = '' }: KeyRecord): Buffer {
    try {
      return open(this.#masterKey, wrapped, id);
    } catch (cause) {
      throw new KeyStoreUnusable(
        'a key in the key store cannot be decrypted with MASTER_KEY: use the MASTER_KEY with which the key store was created',
        { cause },
      );
    }
  }
}
