import { pause } from '../../event-store/backoff.ts';
import type { Logger } from '../../event-store/logger.ts';
import type { ReadStore } from '../../read-store/read-store.ts';

/** Under this name the projector's lease is kept; its URL is that of the change feed. */
export const PROJECTOR_LEASE = 'projector';

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
  /** By the clock of this process alone, which also runs while the process is paused. */
  readonly isHeld: () => boolean;
  /** Gives the lease up, so that another may write at once. */
  readonly release: () => Promise<void>;
}

/** Waits until the lease is ours; undefined when the signal aborts first. */
export async function acquireLease(
  options: LeaseOptions,
  signal: AbortSignal,
): Promise<HeldLease | undefined> {
  const { ttlMs, logger } = options;
  let waitingFor: string | undefined;
  while (!signal.aborted) {
    const askedAt = performance.now();
    let again = ttlMs / 4;
    try {
      const { owner, expiresAt } = await ask(options);
      if (owner === options.owner) return hold(options, askedAt + ttlMs);
      if (owner !== waitingFor) logger.info('another projector writes; waiting for its lease', { owner });
      waitingFor = owner;
      // At once when it expires; not over and over where the owner's clock is behind.
      again = Math.min(again, Math.max(expiresAt - Date.now(), ttlMs / 40));
    } catch (error) {
      logger.warn('the read store is away; the lease cannot be taken', { error: String(error) });
    }
    await pause(again, signal);
  }
  return undefined;
}

const ask = ({ readStore, owner, url, ttlMs }: LeaseOptions) =>
  readStore.lease(PROJECTOR_LEASE, { owner, url, ttlMs });

function hold(options: LeaseOptions, until: number): HeldLease {
  const { readStore, owner, ttlMs, logger } = options;
  const lost = new AbortController();
  const released = new AbortController();
  let heldUntil = until;
  const isHeld = () => !lost.signal.aborted && performance.now() < heldUntil;

  const renewing = (async () => {
    for (;;) {
      await pause(ttlMs / 4, released.signal);
      if (released.signal.aborted) return;
      const askedAt = performance.now();
      try {
        const lease = await ask(options);
        if (lease.owner !== owner) {
          logger.warn('the lease was taken by another projector', { owner: lease.owner });
          break;
        }
        heldUntil = askedAt + ttlMs;
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
