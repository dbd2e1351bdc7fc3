import { KeyStoreUnusable } from './errors.ts';
import type { KeyStore, PersonKey } from './key-store.ts';
import { open, seal } from './seal.ts';

/** One value of a person, encrypted: `PersonalData` of the domain. */
export interface EncryptedValue {
  readonly personId: string;
  readonly ciphertext: string;
}

/** Why personal data cannot be shown: the key was destroyed, or the key store lacks the right key. */
type Unshown = 'forgotten' | 'unreadable';

type Opened = { readonly value: unknown } | { readonly unshown: Unshown };

/** Encrypts and decrypts personal data with the keys of the persons. Methods throw what the key store throws. */
export class PersonalDataCipher {
  readonly #keys: Pick<KeyStore, 'personKey' | 'existingKeys'>;
  readonly #warn: (message: string) => void;

  /** `warn` learns of values that no key opens. */
  constructor(
    keys: Pick<KeyStore, 'personKey' | 'existingKeys'>,
    warn: (message: string) => void = () => {},
  ) {
    this.#keys = keys;
    this.#warn = warn;
  }

  /**
   * Encrypts a JSON value for a person. The same value with the same order of fields has the same ciphertext.
   * Throws `PersonForgotten`.
   */
  async encrypt(personId: string, value: unknown): Promise<EncryptedValue> {
    const key = await this.#keys.personKey(personId);
    return { personId, ciphertext: seal(key, JSON.stringify(value), personId) };
  }

  /** Returns the value; undefined when the person was forgotten. Throws `KeyStoreUnusable` when no key opens it. */
  async decrypt(data: EncryptedValue): Promise<unknown> {
    const opened = openValue(data, await this.#keys.existingKeys([data.personId]));
    if ('value' in opened) return opened.value;
    if (opened.unshown === 'unreadable') throw new KeyStoreUnusable(NO_KEY);
    return undefined;
  }

  /**
   * Returns a copy of the JSON with each encrypted value replaced by its plain value. A value that cannot be shown is `null`, and
   * the object that has the field gets `"forgotten": true` or, when no key opens the value, `"unreadable": true`. JSON without
   * encrypted values is returned itself. Looks up all keys with one query.
   */
  async decryptAll<Json>(json: Json): Promise<Json> {
    const persons = new Set<string>();
    collectPersons(json, persons);
    if (persons.size === 0) return json;
    const keys = await this.#keys.existingKeys([...persons]);
    const unshown = new Set<Unshown>();
    const shown = replaced(json, keys, unshown, new Set()) as Json;
    if (unshown.has('unreadable')) this.#warn(NO_KEY);
    return shown;
  }
}

const NO_KEY =
  'the key store lacks the key of a person: restore the key store that belongs to this event store';

type Keys = ReadonlyMap<string, PersonKey>;

/** Adds why values are `null` to `all`, and to `here` unless an object in between tells it. */
function replaced(json: unknown, keys: Keys, all: Set<Unshown>, here: Set<Unshown>): unknown {
  if (isEncrypted(json)) {
    const opened = openValue(json, keys);
    if ('value' in opened) return opened.value;
    all.add(opened.unshown);
    here.add(opened.unshown);
    return null;
  }
  if (typeof json !== 'object' || json === null) return json;
  if (Array.isArray(json)) return json.map((item) => replaced(item, keys, all, here));
  const own = new Set<Unshown>();
  const fields = Object.entries(json).map(([name, field]) => [name, replaced(field, keys, all, own)]);
  return Object.fromEntries([...fields, ...[...own].map((reason) => [reason, true])]);
}

function openValue({ personId, ciphertext }: EncryptedValue, keys: Keys): Opened {
  const key = keys.get(personId);
  if (key === 'forgotten') return { unshown: 'forgotten' };
  if (key === undefined) return { unshown: 'unreadable' };
  let text: string;
  try {
    text = open(key, ciphertext, personId).toString();
  } catch {
    return { unshown: 'unreadable' };
  }
  return { value: JSON.parse(text) };
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
