import { resolve } from 'node:path';
import { redactUrl } from '../platform/config/redact-url.ts';
import { ReadStoreUnusable } from './errors.ts';
import type { ReadStore } from './read-store.ts';

/**
 * Opens the read store that a URL names: `sqlite:FOLDER` (made when it is not there), `mongodb://…` or `mongodb+srv://…`
 * (the database is the URL's path, `orderstream` when it has none).
 * `warn` is told what was noticed and put right.
 * Throws `ReadStoreUnusable`, and for a MongoDB that does not answer `ReadStoreUnavailable`.
 */
export async function openReadStore(
  url: string,
  warn: (message: string) => void = () => {},
): Promise<ReadStore> {
  if (url.startsWith('sqlite:')) {
    const folder = url.slice('sqlite:'.length);
    if (folder === '') throw new ReadStoreUnusable('READ_STORE_URL names no folder: write sqlite:FOLDER');
    const { SqliteReadStore } = await import('./sqlite/sqlite-read-store.ts');
    return new SqliteReadStore(resolve(folder));
  }
  if (/^mongodb(\+srv)?:\/\//.test(url)) {
    const { MongoReadStore } = await import('./mongodb/mongo-read-store.ts');
    return MongoReadStore.open(url, warn);
  }
  throw new ReadStoreUnusable(
    `READ_STORE_URL is ${JSON.stringify(redactUrl(url))}, and should begin with sqlite:, mongodb:// or mongodb+srv://`,
  );
}
