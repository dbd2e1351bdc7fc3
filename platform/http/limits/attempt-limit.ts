import { LRUCache } from 'lru-cache';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { TooManyRequests } from '../response/errors.ts';

export interface RateLimitOptions {
  readonly requests: number;
  readonly perSeconds: number;
}

/** Maximum number of counted keys; the period may be a day. */
const MAX_KEYS = 100_000;

/**
 * Limits the attempts of each key per period, counted in this process. Beyond `remember` keys, the counter of the key that
 * has been idle for longest is dropped.
 */
export class AttemptLimit {
  readonly #limiter: RateLimiterMemory;
  readonly #keys: LRUCache<string, true>;

  constructor({ requests, perSeconds }: RateLimitOptions, { remember = MAX_KEYS } = {}) {
    const limiter = new RateLimiterMemory({ points: requests, duration: perSeconds });
    this.#limiter = limiter;
    this.#keys = new LRUCache({ max: remember, dispose: (_, key) => void limiter.delete(key) });
  }

  /** Counts an attempt. Rejects with `TooManyRequests` beyond the limit. */
  async count(key: string): Promise<void> {
    this.#keys.set(key, true);
    try {
      await this.#limiter.consume(key);
    } catch (error) {
      if (!(error instanceof RateLimiterRes)) throw error;
      throw new TooManyRequests(error.msBeforeNext / 1000);
    }
  }

  /** Takes back an attempt that was counted. */
  async takeBack(key: string): Promise<void> {
    if (this.#keys.has(key)) await this.#limiter.reward(key);
  }
}
