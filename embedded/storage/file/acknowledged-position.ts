import { closeSync, constants, openSync, readFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import { LogUnavailable } from '../errors.ts';

const FILE_NAME = 'events.acknowledged';
const DIGITS = 16;
const CONTENT = /^\d{16}\n$/;

/**
 * How far events were acknowledged, in a small file beside the log: SQLite takes a write-ahead log that was cut off, or
 * damaged in its middle, for one that ends there. Written after each commit was synced, and never synced itself: after a
 * power cut it may lag behind, but it is never ahead, so that it raises no false alarm.
 */
export class AcknowledgedPosition {
  readonly #file: number;
  readonly #content = Buffer.alloc(DIGITS + 1, '\n');

  /** @throws {Error} of the file system */
  constructor(folder: string) {
    this.#file = openSync(path.join(folder, FILE_NAME), constants.O_RDWR | constants.O_CREAT);
  }

  /** In place and always of one size, so that it needs no room on a full disk. */
  upTo(position: number): void {
    this.#content.write(String(position).padStart(DIGITS, '0'));
    try {
      writeSync(this.#file, this.#content, 0, this.#content.length, 0);
    } catch {
      // Then it lags behind: less would be noticed, nothing is lost.
    }
  }

  close(): void {
    closeSync(this.#file);
  }
}

/** The position up to which events were acknowledged in this folder; 0 for none, and for a file that says nothing. */
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
    `events that were acknowledged are not there any more; put back what is missing, or remove ${FILE_NAME} to go on without it.`,
  );
