import type { Logger } from '../../../event-store/logger.ts';
import { pause } from '../../../platform/async/backoff.ts';
import { LeaseObserver, PROJECTOR_LEASE } from '../../../read-store/projector-lease.ts';
import type { Lease, ReadStore } from '../../../read-store/read-store.ts';

export interface LeaseOptions {
  readonly readStore: ReadStore;
  readonly owner: string;
  readonly url: string;
  readonly ttlMs: number;
  readonly logger: Logger;
}

export interface HeldLease {
  /** Aborts when the lease is lost. */
  readonly lost: AbortSignal;
  /** Uses the clock of this process only, which also runs while the process is suspended. */
  readonly isHeld: () => boolean;
  /** Releases the lease, so that another projector can write at once. */
  readonly release: () => Promise<void>;
}

/** Renewals per lease time: one may fail, and one may be late. */
const RENEWALS = 5;

/** Waits until this process holds the lease; returns undefined when the signal aborts first. */
export async function acquireLease(
  options: LeaseOptions,
  signal: AbortSignal,
): Promise<HeldLease | undefined> {
  const { ttlMs, logger } = options;
  const observer = new LeaseObserver(ttlMs);
  let seen: Lease | undefined;
  let isSilent = false;
  while (!signal.aborted) {
    const requestedAt = performance.now();
    try {
      const lease = await requestLease(options, seen?.beat, isSilent ? seen : undefined);
      if (lease.owner === options.owner) return holdLease(options, requestedAt + ttlMs, lease);
      if (lease.owner !== seen?.owner)
        logger.info('another projector holds the lease; waiting for it', { owner: lease.owner });
      const wasSilent = isSilent;
      isSilent = !observer.isAlive(lease);
      seen = lease;
      if (isSilent && !wasSilent) continue;
    } catch (error) {
      logger.warn('the lease cannot be taken: the read store is unavailable', { error: String(error) });
    }
    await pause(ttlMs / (2 * RENEWALS), signal);
  }
  return undefined;
}

/** The heartbeat is the end of the lease by the clock of this process, and always higher than the previous one. */
const requestLease = (
  { readStore, owner, url, ttlMs }: LeaseOptions,
  before = 0,
  silent?: Lease,
): Promise<Lease> =>
  readStore.takeLease(
    PROJECTOR_LEASE,
    { owner, url, beat: Math.max(Date.now() + ttlMs, before + 1) },
    silent,
  );

function holdLease(options: LeaseOptions, until: number, taken: Lease): HeldLease {
  const { readStore, owner, ttlMs, logger } = options;
  const lost = new AbortController();
  const released = new AbortController();
  let heldUntil = until;
  const isHeld = () => !lost.signal.aborted && performance.now() < heldUntil;

  const renewing = (async () => {
    let { beat } = taken;
    for (;;) {
      await pause(ttlMs / RENEWALS, released.signal);
      if (released.signal.aborted) return;
      const requestedAt = performance.now();
      try {
        const lease = await requestLease(options, beat);
        if (lease.owner !== owner) {
          logger.warn('the lease was taken by another projector', { owner: lease.owner });
          break;
        }
        beat = lease.beat;
        heldUntil = requestedAt + ttlMs;
      } catch (error) {
        logger.warn('the lease could not be renewed', { error: String(error) });
        if (!isHeld()) break;
      }
    }
    lost.abort();
  })();

  return {
    lost: lost.signal,
    isHeld,
    release: async () => {
      released.abort();
      await renewing;
      await readStore.releaseLease(PROJECTOR_LEASE, owner).catch((error: unknown) => {
        logger.warn('the lease could not be released; it will expire', { error: String(error) });
      });
    },
  };
}
