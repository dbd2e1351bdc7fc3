import { resolve } from 'node:path';
import { redactUrl } from '../platform/config/redact-url.ts';
import { ReadStoreUnusable } from './errors.ts';
import type { ReadStore } from './read-store.ts';

/**
 * Opens the read store that a URL names: `sqlite:FOLDER` (created when missing), `mongodb://…` or `mongodb+srv://…`
 * (the database is the URL's path, `orderstream` when it has none).
 * Calls `warn` for problems that it corrects. Throws `ReadStoreUnusable`, and `ReadStoreUnavailable` when MongoDB does not
 * respond.
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
