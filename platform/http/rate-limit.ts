import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { TooManyRequests } from './errors.ts';

/** Counts a request of a caller; rejects with `TooManyRequests` beyond what is allowed. */
export type RateLimit = (caller: string) => Promise<void>;

export interface RateLimitOptions {
  readonly requests: number;
  readonly perSeconds: number;
}

/** So many requests in each span of time, for each caller, counted in this process. */
export function rateLimit({ requests, perSeconds }: RateLimitOptions): RateLimit {
  const limiter = new RateLimiterMemory({ points: requests, duration: perSeconds });
  return async (caller) => {
    try {
      await limiter.consume(caller);
    } catch (refused) {
      if (!(refused instanceof RateLimiterRes)) throw refused;
      throw new TooManyRequests(refused.msBeforeNext / 1000);
    }
  };
}
