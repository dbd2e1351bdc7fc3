type Log = (message: string, fields?: Readonly<Record<string, unknown>>) => void;

/** Any structured logger. */
export interface Logger {
  readonly info: Log;
  readonly warn: Log;
  readonly error: Log;
}

export const silent: Logger = { info: () => {}, warn: () => {}, error: () => {} };
