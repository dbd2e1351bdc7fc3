import { AttemptLimit, type RateLimitOptions } from './attempt-limit.ts';

export type { RateLimitOptions };

/** Counts a request of a caller; rejects with `TooManyRequests` beyond the limit. */
export type RateLimit = (caller: string) => Promise<void>;

/** Limits the requests of each caller per period. See `AttemptLimit`. */
export function rateLimit(options: RateLimitOptions, more: { readonly remember?: number } = {}): RateLimit {
  const limit = new AttemptLimit(options, more);
  return (caller) => limit.count(caller);
}
