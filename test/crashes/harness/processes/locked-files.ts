import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';

const LOCK_TIMEOUT_MS = 250;

/** Returns whether a paused process holds the lock of a read store file, since it is in the middle of a transaction. */
export function hasLockedFile(folder: string): boolean {
  const files = readdirSync(folder).filter((name) => name.endsWith('.db'));
  return files.some((name) => isLocked(join(folder, name)));
}

function isLocked(file: string): boolean {
  const database = new Database(file, { timeout: LOCK_TIMEOUT_MS });
  try {
    database.exec('BEGIN IMMEDIATE; ROLLBACK');
    return false;
  } catch (error) {
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_BUSY'))
      return true;
    throw error;
  } finally {
    database.close();
  }
}
