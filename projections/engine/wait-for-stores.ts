import { EventStoreUnavailable } from '../../event-store/errors.ts';
import type { Logger } from '../../event-store/logger.ts';
import { backoffMs, pause } from '../../platform/async/backoff.ts';
import { ReadStoreUnavailable } from '../../read-store/errors.ts';

/** Runs work that needs both stores; retries while one is unavailable, until the signal aborts. */
export async function retryWhileStoresUnavailable(
  signal: AbortSignal,
  loggers: { readonly readStore: Logger; readonly eventStore: Logger },
  work: () => Promise<void>,
): Promise<void> {
  for (let failures = 0; !signal.aborted; failures += 1) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof ReadStoreUnavailable || error instanceof EventStoreUnavailable)) throw error;
      const logger = error instanceof EventStoreUnavailable ? loggers.eventStore : loggers.readStore;
      logger.warn('a store is unavailable; retrying', { error: error.message });
      await pause(backoffMs(failures, { firstMs: 200, maxMs: 5_000 }), signal);
    }
  }
}
