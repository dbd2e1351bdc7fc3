import { createRetryPolicy, type RetryPolicyOptions, TemporaryFailure } from '../cli/http/retry-policy.ts';
import { EventStoreAccessDenied, EventStoreUnavailable } from '../event-store/errors.ts';
import { hostsOf } from '../platform/config/addresses.ts';
import { ReadStoreUnavailable } from '../read-store/errors.ts';

/** A retry helps when a store is unavailable, and not when it denies access. */
const isTemporary = (error: unknown): error is Error =>
  (error instanceof EventStoreUnavailable && !(error instanceof EventStoreAccessDenied)) ||
  error instanceof ReadStoreUnavailable;

interface Options extends RetryPolicyOptions {
  /** Connection string of the event store; reports name its address. */
  readonly eventStoreUrl?: string;
}

/**
 * Returns a function that retries its work for two minutes while a store is unavailable, and reports the wait every 10 s.
 * It then throws `ShopUnavailable`; it also throws what the work throws.
 */
export function createStoreRetry({ eventStoreUrl, ...options }: Options) {
  const retryPolicy = createRetryPolicy(options);
  const address = eventStoreUrl === undefined ? '' : ` (at ${hostsOf(eventStoreUrl).join(', ')})`;
  return <Result>(work: () => Promise<Result>): Promise<Result> =>
    retryPolicy.retry(() =>
      work().catch((error: unknown) => {
        if (!isTemporary(error)) throw error;
        return new TemporaryFailure(
          error instanceof EventStoreUnavailable ? `${error.message}${address}` : error.message,
        );
      }),
    );
}
