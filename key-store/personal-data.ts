import { KeyStoreUnusable } from './errors.ts';
import type { KeyStore, PersonKey } from './key-store.ts';
import { open, seal } from './seal.ts';

/** One value of a person, encrypted: `PersonalData` of the domain. */
export interface EncryptedValue {
  readonly personId: string;
  readonly ciphertext: string;
}

/** Encrypts and decrypts personal data with the keys of the persons. Methods throw what the key store throws. */
export class PersonalDataCipher {
  readonly #keys: Pick<KeyStore, 'personKey' | 'existingKeys'>;

  constructor(keys: Pick<KeyStore, 'personKey' | 'existingKeys'>) {
    this.#keys = keys;
  }

  /**
   * Encrypts a JSON value for a person. The same value with the same order of fields has the same ciphertext.
   * Throws `PersonForgotten`.
   */
  async encrypt(personId: string, value: unknown): Promise<EncryptedValue> {
    const key = await this.#keys.personKey(personId);
    return { personId, ciphertext: seal(key, JSON.stringify(value), personId) };
  }

  /** Returns the value; undefined when the person was forgotten. */
  async decrypt(data: EncryptedValue): Promise<unknown> {
    return this.#open(data, await this.#keys.existingKeys([data.personId]));
  }

  /**
   * Returns a copy of the JSON with each encrypted value replaced by its plain value. For a forgotten person the field is `null`,
   * and the object that has the field gets `"forgotten": true`. Looks up all keys with one query.
   */
  async decryptAll<Json>(json: Json): Promise<Json> {
    const persons = new Set<string>();
    collectPersons(json, persons);
    if (persons.size === 0) return json;
    const keys = await this.#keys.existingKeys([...persons]);
    return this.#replace(json, keys).value as Json;
  }

  /** `forgotten`: whether the value, or a value in a list, belonged to a forgotten person. */
  #replace(json: unknown, keys: ReadonlyMap<string, PersonKey>): { value: unknown; forgotten: boolean } {
    if (isEncrypted(json)) {
      const value = this.#open(json, keys);
      return { value: value ?? null, forgotten: value === undefined };
    }
    if (typeof json !== 'object' || json === null) return { value: json, forgotten: false };
    if (Array.isArray(json)) {
      const items = json.map((item) => this.#replace(item, keys));
      return { value: items.map(({ value }) => value), forgotten: items.some(({ forgotten }) => forgotten) };
    }
    const fields = Object.entries(json).map(([name, field]) => [name, this.#replace(field, keys)] as const);
    const value = Object.fromEntries(fields.map(([name, field]) => [name, field.value]));
    if (fields.some(([, field]) => field.forgotten)) value.forgotten = true;
    return { value, forgotten: false };
  }

  #open({ personId, ciphertext }: EncryptedValue, keys: ReadonlyMap<string, PersonKey>): unknown {
    const key = keys.get(personId);
    if (key === 'forgotten') return undefined;
    if (key === undefined)
      throw new KeyStoreUnusable(
        'the key store lacks the key of a person: restore the key store that belongs to this event store',
      );
    return JSON.parse(open(key, ciphertext, personId).toString());
  }
}

function collectPersons(json: unknown, persons: Set<string>): void {
  if (isEncrypted(json)) persons.add(json.personId);
  else if (typeof json === 'object' && json !== null)
    for (const field of Object.values(json)) collectPersons(field, persons);
}

function isEncrypted(json: unknown): json is EncryptedValue {
  if (typeof json !== 'object' || json === null) return false;
  const { personId, ciphertext, ...others } = json as Partial<EncryptedValue>;
  return typeof personId === 'string' && typeof ciphertext === 'string' && Object.keys(others).length === 0;
}
