import { LRUCache } from 'lru-cache';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { atMost } from '../../at-most.ts';
import { TooManyRequests } from '../response/errors.ts';

/** Counts a request of a caller; rejects with `TooManyRequests` beyond the limit. */
export type RateLimit = (caller: string) => Promise<void>;

export interface RateLimitOptions {
  readonly requests: number;
  readonly perSeconds: number;
}

/** Maximum number of counted callers; the period may be a day. */
const MAX_CALLERS = 100_000;

/**
 * Limits the requests of each caller per period, counted in this process. Beyond `remember` callers, the counter of the
 * caller that has been idle for longest is dropped.
 */
export function rateLimit(
  { requests, perSeconds }: RateLimitOptions,
  { remember = MAX_CALLERS } = {},
): RateLimit {
  const limiter = new RateLimiterMemory({ points: requests, duration: perSeconds });
  const callers = new LRUCache<string, true>({
    ...atMost(remember),
    dispose: (_, caller) => void limiter.delete(caller),
  });
  return async (caller) => {
    callers.set(caller, true);
    try {
      await limiter.consume(caller);
    } catch (error) {
      if (!(error instanceof RateLimiterRes)) throw error;
      throw new TooManyRequests(error.msBeforeNext / 1000);
    }
  };
}
