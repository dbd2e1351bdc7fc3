import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';

const PATIENCE_MS = 250;

/** Whether a process that was paused has one of the read store's files locked, in the middle of a transaction. */
export function isHeldUpWriting(folder: string): boolean {
  const files = readdirSync(folder).filter((name) => name.endsWith('.db'));
  return files.some((name) => isLocked(join(folder, name)));
}

function isLocked(file: string): boolean {
  const database = new Database(file, { timeout: PATIENCE_MS });
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
