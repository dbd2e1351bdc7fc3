import { closeSync, constants, openSync, readFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import { LogUnavailable } from '../errors.ts';

const FILE_NAME = 'events.acknowledged';
const DIGITS = 16;
const CONTENT = /^\d{16}\n$/;

/**
 * Stores the last acknowledged position in a small file beside the log. It reveals a write-ahead log that was truncated or
 * damaged: SQLite itself only ignores the damaged end. The file is written after each synced commit and not synced itself,
 * so after a power failure it may be behind the log, but never ahead.
 */
export class AcknowledgedPosition {
  readonly #file: number;
  readonly #content = Buffer.alloc(DIGITS + 1, '\n');

  /** @throws {Error} of the file system */
  constructor(folder: string) {
    this.#file = openSync(path.join(folder, FILE_NAME), constants.O_RDWR | constants.O_CREAT);
  }

  /** Overwrites the file in place with the same length, which also works on a full disk. */
  save(position: number): void {
    this.#content.write(String(position).padStart(DIGITS, '0'));
    try {
      writeSync(this.#file, this.#content, 0, this.#content.length, 0);
    } catch {
      // The file keeps an older position: some damage would go unnoticed, but nothing is lost.
    }
  }

  close(): void {
    closeSync(this.#file);
  }
}

/** Returns the last acknowledged position in a folder, or 0 if there is no valid file. */
export function readAcknowledgedPosition(folder: string): number {
  try {
    const content = readFileSync(path.join(folder, FILE_NAME), 'latin1');
    return CONTENT.test(content) ? Number(content) : 0;
  } catch {
    return 0;
  }
}

export const acknowledgedEventsMissing = (folder: string): LogUnavailable =>
  new LogUnavailable(
    folder,
    `acknowledged events are missing; restore the missing files, or remove ${FILE_NAME} to continue without these events.`,
  );
