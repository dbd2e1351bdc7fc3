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

  constructor(cause: unknown) {
    super(`The event log could not be written: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
}

/** Asked of a log that is closed or closing. */
export class LogClosed extends Error {
  override readonly name = 'LogClosed';

  constructor() {
    super('The event log is closed.');
  }
}
