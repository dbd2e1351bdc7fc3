type Log = (message: string, fields?: Readonly<Record<string, unknown>>) => void;

interface Logs {
  readonly info: Log;
  readonly warn: Log;
  readonly error: Log;
}

const ONE_LINE_MS = 10_000;

/**
 * Returns a logger that writes at most one warning per `everyMs`. Field `folded` counts the warnings left out since the
 * previous line. Share one logger among all that warn of the same outage. `now` is a monotonic clock in milliseconds.
 */
export function foldWarnings(
  logger: Logs,
  everyMs: number = ONE_LINE_MS,
  now: () => number = () => performance.now(),
): Logs {
  let last = Number.NEGATIVE_INFINITY;
  let folded = 0;
  return {
    info: (message, fields) => void logger.info(message, fields),
    error: (message, fields) => void logger.error(message, fields),
    warn: (message, fields) => {
      if (now() - last < everyMs) {
        folded += 1;
        return;
      }
      last = now();
      logger.warn(message, folded === 0 ? fields : { ...fields, folded });
      folded = 0;
    },
  };
}
