type Log = (message: string, fields?: Readonly<Record<string, unknown>>) => void;
type Logs = Readonly<Record<'info' | 'warn' | 'error', Log>>;

const INTERVAL_MS = 10_000;

/** The time of the last warning that was logged, and the number of warnings omitted since. */
const newLimit = () => ({ loggedAt: Number.NEGATIVE_INFINITY, omitted: 0 });

const newOutageLimits = () => ({
  'event store': newLimit(),
  'read store': newLimit(),
  'key store': newLimit(),
});

const outageLimits = new WeakMap<Logs, ReturnType<typeof newOutageLimits>>();

/** Returns a function for the loggers of one process: together they log one warning per outage and interval. */
export function shareOutageLimits(): <Logger extends Logs>(logger: Logger) => Logger {
  const limits = newOutageLimits();
  return (logger) => {
    outageLimits.set(logger, limits);
    return logger;
  };
}

/** Like `limitWarnings`, for warnings that an outage of this store causes. */
export function limitOutageWarnings(logger: Logs, store: 'event store' | 'read store' | 'key store'): Logs {
  const limits = outageLimits.get(logger) ?? newOutageLimits();
  outageLimits.set(logger, limits);
  return limitWarnings(logger, undefined, limits[store]);
}

/**
 * Returns a logger that writes at most one warning in 10 s. Field `omitted` counts the warnings left out since the
 * previous one. `now` is a monotonic clock in milliseconds.
 */
export function limitWarnings(logger: Logs, now = () => performance.now(), limit = newLimit()): Logs {
  return {
    info: (message, fields) => void logger.info(message, fields),
    error: (message, fields) => void logger.error(message, fields),
    warn: (message, fields) => {
      if (now() - limit.loggedAt < INTERVAL_MS) {
        limit.omitted += 1;
        return;
      }
      logger.warn(message, limit.omitted === 0 ? fields : { ...fields, omitted: limit.omitted });
      limit.loggedAt = now();
      limit.omitted = 0;
    },
  };
}
