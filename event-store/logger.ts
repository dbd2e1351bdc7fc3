type Log = (message: string, fields?: Readonly<Record<string, unknown>>) => void;

/** What is asked of a logger here; any structured logger fits. */
export interface Logger {
  readonly info: Log;
  readonly warn: Log;
  readonly error: Log;
}

export const silent: Logger = { info: () => {}, warn: () => {}, error: () => {} };
