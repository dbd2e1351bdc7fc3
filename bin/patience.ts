import { createPatience, type PatienceOptions, TemporaryFailure } from '../cli/replay/shop/patience.ts';
import { EventStoreAway, EventStoreRefused } from '../event-store/errors.ts';
import { ReadStoreAway } from '../read-store/errors.ts';

/** A retry helps when a store is unavailable, and not when it refuses access. */
const isPassing = (error: unknown): error is Error =>
  (error instanceof EventStoreAway && !(error instanceof EventStoreRefused)) ||
  error instanceof ReadStoreAway;

/**
 * Returns a function that retries its work for two minutes while a store is unavailable, and reports the wait every 10 s.
 * It then throws `ShopUnavailable`; it also throws what the work throws.
 */
export function whileUnavailable(options: PatienceOptions) {
  const patience = createPatience(options);
  return <Result>(work: () => Promise<Result>): Promise<Result> =>
    patience.until(() =>
      work().catch((error: unknown) => {
        if (!isPassing(error)) throw error;
        return new TemporaryFailure(error.message);
      }),
    );
}
