import { messageOf } from '../error-message.ts';

/** The log cannot be opened. The message is one sentence that says why. */
export class LogUnavailable extends Error {
  override readonly name = 'LogUnavailable';
  readonly folder: string;

  constructor(folder: string, reason: string, cause?: unknown) {
    super(`The event log in ${folder} cannot be opened: ${reason}`, { cause });
    this.folder = folder;
  }
}

/** A write failed on the disk or in the database. Nothing was stored. */
export class LogFailed extends Error {
  override readonly name = 'LogFailed';
  /** True when the disk is full or rejects writes; false for another error of the database. */
  readonly isDiskError: boolean;

  constructor(cause: unknown) {
    super(`The event log could not be written: ${reasonOf(cause)}`, { cause });
    this.isDiskError = isDiskError(codeOf(cause));
  }
}

const isDiskError = (code: string): boolean => code === 'SQLITE_FULL' || code.startsWith('SQLITE_IOERR');

/** Returns one sentence for every kind of full disk: the driver reports a size limit as an input/output error. */
function reasonOf(cause: unknown): string {
  const code = codeOf(cause);
  if (isDiskError(code)) return `the disk is full or rejects writes (${code}).`;
  return messageOf(cause);
}

/** Returns the driver's error code, or an empty string for other errors. */
export const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';

/** The log is closed or closing. */
export class LogClosed extends Error {
  override readonly name = 'LogClosed';

  constructor() {
    super('The event log is closed.');
  }
}

/** A stream rejected an event that the node itself appended. */
export class AppendRejected extends Error {
  override readonly name = 'AppendRejected';
  readonly stream: string;

  constructor(stream: string, status: string) {
    super(`${stream}: ${status}`);
    this.stream = stream;
  }
}
