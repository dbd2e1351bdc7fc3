import { LRUCache } from 'lru-cache';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { atMost } from '../../at-most.ts';
import { TooManyRequests } from '../response/errors.ts';

export interface FailureLimitOptions {
  readonly failures: number;
  readonly perSeconds: number;
}

/** Maximum number of keys whose failures are counted. */
const MAX_KEYS = 100_000;
/** `Retry-After` while only attempts in flight are in the way, in seconds. */
const RETRY_IN_FLIGHT_SECONDS = 1;

/**
 * Limits the failed attempts of each key per period, counted in this process. Attempts in flight count as failed until they
 * end, so that concurrent attempts do not exceed the limit. Beyond 100,000 keys, the failures of the key that has been idle for
 * longest are forgotten.
 */
export class FailureLimit {
  readonly #max: number;
  readonly #failures: RateLimiterMemory;
  readonly #keys: LRUCache<string, true>;
  readonly #inFlight = new Map<string, number>();

  constructor({ failures, perSeconds }: FailureLimitOptions) {
    const limiter = new RateLimiterMemory({ points: failures, duration: perSeconds });
    this.#max = failures;
    this.#failures = limiter;
    this.#keys = new LRUCache({ ...atMost(MAX_KEYS), dispose: (_, key) => void limiter.delete(key) });
  }

  /** Begins an attempt; `end` must be called afterwards. Throws `TooManyRequests` at the limit. */
  async begin(key: string): Promise<void> {
    const counted = await this.#failures.get(key);
    const failed = counted?.consumedPoints ?? 0;
    const inFlight = this.#inFlight.get(key) ?? 0;
    if (failed >= this.#max) throw new TooManyRequests((counted?.msBeforeNext ?? 0) / 1000, WAIT);
    if (failed + inFlight >= this.#max) throw new TooManyRequests(RETRY_IN_FLIGHT_SECONDS);
    this.#inFlight.set(key, inFlight + 1);
  }

  /** Ends an attempt. */
  async end(key: string, hasFailed: boolean): Promise<void> {
    if (hasFailed) {
      this.#keys.set(key, true);
      await this.#failures.penalty(key);
    }
    const others = (this.#inFlight.get(key) ?? 1) - 1;
    if (others > 0) this.#inFlight.set(key, others);
    else this.#inFlight.delete(key);
  }
}

const WAIT = 'too many failed attempts; retry after the time in Retry-After';
