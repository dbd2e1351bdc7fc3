import { KeyStoreUnavailable, KeyStoreUnusable } from '../errors.ts';

/** Returns the key store's error for an error of SQLite or of the file system; other errors unchanged. */
export function translateError(error: unknown, file: string): unknown {
  if (!(error instanceof Error)) return error;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (code.startsWith('SQLITE_NOTADB') || code.startsWith('SQLITE_CORRUPT'))
    return new KeyStoreUnusable(`${file} is damaged, or not an SQLite file: restore it from a backup`);
  if (/^(SQLITE_READONLY|SQLITE_PERM|SQLITE_CANTOPEN|EACCES|EPERM|EROFS|EISDIR|ENOENT)/.test(code))
    return new KeyStoreUnusable(
      `the key store's file ${file} cannot be opened or written: check KEY_STORE_URL, and its owner and mode`,
    );
  if (/^(SQLITE_(FULL|BUSY|LOCKED|IOERR|INTERRUPT)|ENOSPC|EIO)/.test(code))
    return new KeyStoreUnavailable(`${file}: ${error.message}`, { cause: error });
  return error;
}
