import type { KeyObject } from 'node:crypto';

/** The key of a person (AES-256), or the fact that it was destroyed. */
export type PersonKey = KeyObject | 'forgotten';

/** Secrets of the whole system, each 32 random bytes that never change: HMAC keys. */
export type SecretName =
  /** Hashes e-mail addresses in the names of streams. */
  | 'addressKey'
  /** Derives one-time tokens and refresh tokens. */
  | 'tokenKey';

/** A key pair (P-256) that signs access tokens (ES256). All times are ISO 8601. */
export interface SigningKey {
  /** Counts the keys from 1. */
  readonly number: number;
  /** Id in the header of tokens and in the JWKS. */
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly createdAt: string;
  /** The key is published before, and signs from then on. */
  readonly activeFrom: string;
  /** The key signs no more from then on. */
  readonly retiredAt?: string;
}

/**
 * The keys of persons and of the system. Each key is stored encrypted with the master key. All methods throw
 * `KeyStoreUnavailable` when the store does not respond.
 */
export interface KeyStore {
  /**
   * Returns the key of a person; creates it at the first use, and stores it durably before it returns. Concurrent calls of all
   * processes return the same key. Throws `PersonForgotten` after `forget`.
   */
  personKey(personId: string): Promise<KeyObject>;

  /** Returns the keys of these persons with one query. A person who never had a key is absent. Creates nothing. */
  existingKeys(personIds: readonly string[]): Promise<ReadonlyMap<string, PersonKey>>;

  /**
   * Destroys the key of a person for ever, also of one without a key yet. May be repeated. Other processes use the key for at
   * most `KEY_CACHE_MS` longer.
   */
  forget(personId: string): Promise<void>;

  /** Returns a secret; creates it at the first use. All processes get the same one. */
  secret(name: SecretName): Promise<KeyObject>;

  /** Returns the signing keys that are stored, oldest first. Not cached. */
  signingKeys(): Promise<readonly SigningKey[]>;

  /**
   * Creates the signing key with this number, unless another process has already created it. Returns the stored one.
   * The caller counts on from the newest key that it knows, so that concurrent rotations create one key.
   */
  addSigningKey(key: Pick<SigningKey, 'number' | 'createdAt' | 'activeFrom'>): Promise<SigningKey>;

  /** Sets `retiredAt` of a signing key that has none. */
  retireSigningKey(number: number, retiredAt: string): Promise<void>;

  /** Destroys the private key of a signing key, which is then no longer in the list. Its number is not used again. */
  removeSigningKey(number: number): Promise<void>;

  /** Throws unless the store responds. */
  ping(): Promise<void>;

  close(): Promise<void>;
}

/** Maximum milliseconds for which a process uses the key of a person without looking whether it still exists. */
export const KEY_CACHE_MS = 1_000;
