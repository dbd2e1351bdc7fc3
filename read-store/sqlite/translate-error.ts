import { ReadStoreFull, ReadStoreUnavailable, ReadStoreUnusable } from '../errors.ts';

/** What an operator can do about a file that is not a usable part of a read store. */
export const REMEDY =
  'give READ_STORE_URL another folder, or remove this one to have the read models rebuilt';

const DISK_FULL = "the read store's disk is full";
/** Other errors of a full disk: the shared memory of the log cannot grow, a file can be neither written nor synced. */
const WRITE_FAULT = /^SQLITE_IOERR_(WRITE|FSYNC|DIR_FSYNC|TRUNCATE|SHMSIZE|SHMOPEN|SHMMAP)$/;

/** Returns the read store's error for an error of SQLite; other errors unchanged. */
export function translateError(error: unknown, file: string): unknown {
  if (!(error instanceof Error)) return error;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (code.startsWith('SQLITE_NOTADB') || code.startsWith('SQLITE_CORRUPT'))
    return new ReadStoreUnusable(`${file} is damaged, or not an SQLite file: ${REMEDY}`);
  if (code.startsWith('SQLITE_READONLY') || code.startsWith('SQLITE_PERM'))
    return new ReadStoreUnusable(`the read store's file ${file} cannot be written: check its owner and mode`);
  if (code.startsWith('SQLITE_CANTOPEN') || error.message.includes('Unable to open'))
    return new ReadStoreUnusable(
      `the read store's file ${file} cannot be opened: check its folder's owner and mode`,
    );
  if (code === 'SQLITE_FULL') return new ReadStoreFull(DISK_FULL, { cause: error });
  if (WRITE_FAULT.test(code)) return new ReadStoreFull(`${DISK_FULL}, or rejects writes`, { cause: error });
  if (/^SQLITE_(BUSY|LOCKED|IOERR|INTERRUPT)/.test(code))
    return new ReadStoreUnavailable(`${file}: ${error.message}`, { cause: error });
  return error;
}
