import type { Lease } from './read-store.ts';

/** The projector's lease is stored under this name; its URL is that of the change feed. */
export const PROJECTOR_LEASE = 'projector';
/** A projector that has not renewed its lease for this time counts as crashed. */
export const LEASE_TTL_MS = 3_000;

/**
 * Decides whether the owner of a lease is alive, by the clock of this process only: the lease must change within `ttlMs`.
 * Long pauses between two observations count only in part: an observer that was suspended observes the lease again first.
 */
export class LeaseObserver {
  readonly #ttlMs: number;
  readonly #now: () => number;
  #lastLease: Lease | undefined;
  #observedAt = 0;
  #silentMs = 0;

  /** `now` is a monotonic clock in milliseconds. */
  constructor(ttlMs: number = LEASE_TTL_MS, now: () => number = () => performance.now()) {
    this.#ttlMs = ttlMs;
    this.#now = now;
  }

  /** Returns whether the owner of the lease just read is alive. A new lease counts as alive. */
  isAlive(lease: Lease | undefined): boolean {
    const now = this.#now();
    const isSame = lease?.owner === this.#lastLease?.owner && lease?.beat === this.#lastLease?.beat;
    this.#silentMs = isSame ? this.#silentMs + Math.min(now - this.#observedAt, this.#ttlMs / 2) : 0;
    this.#lastLease = lease;
    this.#observedAt = now;
    return lease !== undefined && this.#silentMs < this.#ttlMs;
  }
}
