import { LRUCache } from 'lru-cache';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { TooManyRequests } from '../response/errors.ts';

/** Counts a request of a caller; rejects with `TooManyRequests` beyond what is allowed. */
export type RateLimit = (caller: string) => Promise<void>;

export interface RateLimitOptions {
  readonly requests: number;
  readonly perSeconds: number;
}

/** Callers that are counted: a span may be a day, and in a day many come. */
const MAX_CALLERS = 100_000;

/**
 * So many requests in each span of time, for each caller, counted in this process. Beyond so many callers, who has not come for longest is
 * forgotten, and begins anew.
 */
export function rateLimit(
  { requests, perSeconds }: RateLimitOptions,
  { remember = MAX_CALLERS } = {},
): RateLimit {
  const limiter = new RateLimiterMemory({ points: requests, duration: perSeconds });
  const callers = new LRUCache<string, true>({
    max: remember,
    dispose: (_, caller) => void limiter.delete(caller),
  });
  return async (caller) => {
    callers.set(caller, true);
    try {
      await limiter.consume(caller);
    } catch (refused) {
      if (!(refused instanceof RateLimiterRes)) throw refused;
      throw new TooManyRequests(refused.msBeforeNext / 1000);
    }
  };
}
