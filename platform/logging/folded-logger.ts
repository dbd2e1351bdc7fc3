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

/** The fold of the warnings of each store's outage. */
type Folds = Readonly<Record<'event store' | 'read store', Fold>>;

const newFolds = (): Folds => ({ 'event store': newFold(), 'read store': newFold() });

const foldsOf = new WeakMap<Logs, Folds>();

/** Returns a function that makes loggers share their folds: together they warn of an outage once. */
export function sharedOutages(): <Logger extends Logs>(logger: Logger) => Logger {
  const folds = newFolds();
  return (logger) => {
    foldsOf.set(logger, folds);
    return logger;
  };
}

/** Folds the warnings of an outage of this store, together with those of the loggers that share with this one. */
export function foldOutages(logger: Logs, store: keyof Folds): Logs {
  const folds = foldsOf.get(logger) ?? newFolds();
  foldsOf.set(logger, folds);
  return foldWarnings(logger, ONE_LINE_MS, () => performance.now(), folds[store]);
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
