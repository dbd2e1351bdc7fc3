import { pause } from '../event-store/backoff.ts';
import type { Logger } from '../event-store/logger.ts';
import { foldWarnings } from '../platform/folded-logger.ts';
import { ReadStoreAway } from '../read-store/errors.ts';
import type { ReadStore } from '../read-store/read-store.ts';

const RETRY_MS = 1_000;
const ONE_LINE_MS = 60_000;

/** Opens the read store, waiting while it is unavailable; says so once a minute. Throws what opening it throws otherwise. */
export async function openWhenThere(
  open: () => Promise<ReadStore>,
  logger: Logger,
  signal: AbortSignal,
): Promise<ReadStore> {
  const folded = foldWarnings(logger, ONE_LINE_MS);
  for (;;) {
    try {
      return await open();
    } catch (error) {
      if (!(error instanceof ReadStoreAway) || signal.aborted) throw error;
      folded.warn('waiting for the read store', { error: error.message });
      await pause(RETRY_MS, signal);
    }
  }
}
