import type { Lease } from './read-store.ts';

/** The projector's lease is stored under this name; its URL is that of the change feed. */
export const PROJECTOR_LEASE = 'projector';
/** A projector that has not renewed its lease for this long counts as dead. */
export const LEASE_TTL_MS = 3_000;

/**
 * Tells whether the owner of a lease is alive, by the clock of this process alone: the lease must change within `ttlMs`.
 * The time between two looks counts in part only, so that an observer that was paused looks again before it judges.
 */
export class LeaseObserver {
  readonly #ttlMs: number;
  readonly #now: () => number;
  #seen: Lease | undefined;
  #lookedAt = 0;
  #silentMs = 0;

  /** `now` in milliseconds, of a clock that is never set back. */
  constructor(ttlMs: number = LEASE_TTL_MS, now: () => number = () => performance.now()) {
    this.#ttlMs = ttlMs;
    this.#now = now;
  }

  /** Takes in the lease as it was just read. One that is seen for the first time counts as alive. */
  isAlive(lease: Lease | undefined): boolean {
    const now = this.#now();
    const isSame = lease?.owner === this.#seen?.owner && lease?.beat === this.#seen?.beat;
    this.#silentMs = isSame ? this.#silentMs + Math.min(now - this.#lookedAt, this.#ttlMs / 2) : 0;
    this.#seen = lease;
    this.#lookedAt = now;
    return lease !== undefined && this.#silentMs < this.#ttlMs;
  }
}
