import { createPatience, type PatienceOptions, TemporaryFailure } from '../cli/replay/shop/patience.ts';
import { EventStoreAway, EventStoreRefused } from '../event-store/errors.ts';
import { ReadStoreAway } from '../read-store/errors.ts';

/** A store that cannot be reached may come back; one that refuses does not let anybody in for being asked again. */
const isPassing = (error: unknown): error is Error =>
  (error instanceof EventStoreAway && !(error instanceof EventStoreRefused)) ||
  error instanceof ReadStoreAway;

/**
 * Repeats what fails because a store is unavailable, for two minutes in a row, and says every 10 s what it waits for. The
 * function that it answers throws `ShopUnavailable` after that, and what the work throws.
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
