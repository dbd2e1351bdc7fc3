import type { KeyObject } from 'node:crypto';
import { resolve } from 'node:path';
import { redactUrl } from '../platform/config/redact-url.ts';
import { KeyStoreUnusable } from './errors.ts';
import type { KeyRecords } from './key-records.ts';
import type { KeyStore } from './key-store.ts';
import { WrappedKeyStore } from './wrapped-key-store.ts';

/**
 * Opens the key store that a URL names: `sqlite:FOLDER` (created when missing), `mongodb://…` or `mongodb+srv://…` (the database
 * is the URL's path, `orderstream-keys` when it has none). `masterKey` (AES-256) encrypts every key in it.
 * Calls `warn` for problems that it corrects. Throws `KeyStoreUnusable`, also when the keys were stored with another master key, and `KeyStoreUnavailable`.
 */
export async function openKeyStore(
  url: string,
  masterKey: KeyObject,
  warn: (message: string) => void = () => {},
): Promise<KeyStore> {
  return WrappedKeyStore.open(await openRecords(url, warn), masterKey);
}

async function openRecords(url: string, warn: (message: string) => void): Promise<KeyRecords> {
  if (/^sqlite:./.test(url)) {
    const { SqliteRecords } = await import('./sqlite/sqlite-records.ts');
    return new SqliteRecords(resolve(url.slice('sqlite:'.length)));
  }
  if (/^mongodb(\+srv)?:\/\//.test(url)) {
    const { MongoRecords } = await import('./mongodb/mongo-records.ts');
    return MongoRecords.open(url, warn);
  }
  throw new KeyStoreUnusable(
    `KEY_STORE_URL is ${JSON.stringify(redactUrl(url))}, and should be sqlite:FOLDER, mongodb://… or mongodb+srv://…`,
  );
}
