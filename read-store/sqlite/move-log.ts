import Libsql from 'libsql/promise';
import pLimit from 'p-limit';

/** There is one disk: files take turns. */
const inTurn = pLimit(1);

/**
 * Moves what a file's log holds into the file (SQLite's checkpoint, a passive one), by a connection of its own on a thread of
 * the library's: it waits for the disk some 20 ms, in which the process goes on. Does nothing when `isWanted` denies it once
 * it is this file's turn. What is left, or fails, is for the next time, or for the commit that finds the log full.
 */
export function moveLog(file: string, isWanted: () => boolean): Promise<void> {
  return inTurn(async () => {
    if (!isWanted()) return;
    const connection = new Libsql(file, { timeout: 0 });
    try {
      const statement = await connection.prepare('PRAGMA wal_checkpoint(PASSIVE)');
      await statement.get();
    } finally {
      connection.close();
    }
  });
}
