type Log = (message: string, fields?: Readonly<Record<string, unknown>>) => void;

interface Logs {
  readonly info: Log;
  readonly warn: Log;
  readonly error: Log;
}

const ONE_LINE_MS = 10_000;

/** When the last line was written, and how many were left out since. */
interface Fold {
  last: number;
  folded: number;
}

const newFold = (): Fold => ({ last: Number.NEGATIVE_INFINITY, folded: 0 });

/** The fold of each logger's warnings of an outage. */
const folds = new WeakMap<Logs, Fold>();

/** Returns a function that makes loggers share one fold: together they warn of an outage once. */
export function sharedOutages(): <Logger extends Logs>(logger: Logger) => Logger {
  const fold = newFold();
  return (logger) => {
    folds.set(logger, fold);
    return logger;
  };
}

/** Folds the warnings of an outage, together with all other such warnings of this logger and those that share with it. */
export function foldOutages(logger: Logs): Logs {
  const fold = folds.get(logger) ?? newFold();
  folds.set(logger, fold);
  return foldWarnings(logger, ONE_LINE_MS, () => performance.now(), fold);
}

/**
 * Returns a logger that writes at most one warning per `everyMs`. Field `folded` counts the warnings left out since the
 * previous line. `now` is a monotonic clock in milliseconds.
 */
export function foldWarnings(
  logger: Logs,
  everyMs: number = ONE_LINE_MS,
  now: () => number = () => performance.now(),
  fold: Fold = newFold(),
): Logs {
  return {
    info: (message, fields) => void logger.info(message, fields),
    error: (message, fields) => void logger.error(message, fields),
    warn: (message, fields) => {
      if (now() - fold.last < everyMs) {
        fold.folded += 1;
        return;
      }
      fold.last = now();
      logger.warn(message, fold.folded === 0 ? fields : { ...fields, folded: fold.folded });
      fold.folded = 0;
    },
  };
}
