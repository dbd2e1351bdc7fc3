/** The log cannot be opened; the message is one sentence that says why, for the person who started the node. */
export class LogUnavailable extends Error {
  override readonly name = 'LogUnavailable';
  readonly folder: string;

  constructor(folder: string, reason: string, cause?: unknown) {
    super(`The event log in ${folder} cannot be opened: ${reason}`, { cause });
    this.folder = folder;
  }
}

/** A write was refused by the disk or the database; none of it was kept. */
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

/** The driver's words for a full disk differ: on a limit it speaks of an input/output error. */
function reasonOf(cause: unknown): string {
  const code = codeOf(cause);
  if (isDiskError(code)) return `the disk is full, or does not take what is written (${code}).`;
  return cause instanceof Error ? cause.message : String(cause);
}

/** What the driver calls it; empty for what is not its error. */
export const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';

/** Asked of a log that is closed or closing. */
export class LogClosed extends Error {
  override readonly name = 'LogClosed';

  constructor() {
    super('The event log is closed.');
  }
}
