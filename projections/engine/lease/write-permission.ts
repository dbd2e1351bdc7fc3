import type { Logger } from '../../../event-store/logger.ts';
import { backoffMs, pause } from '../../../platform/async/backoff.ts';
import { ReadStoreUnavailable } from '../../../read-store/errors.ts';

const backoff = { firstMs: 100, maxMs: 5_000 };

/** The lease is gone, or the projector stops: nothing more may be written. */
export class WritingEnded extends Error {
  override readonly name = 'WritingEnded';
}

/** Leave to write, for as long as the lease is held. */
export interface WritePermission {
  readonly signal: AbortSignal;
  readonly logger: Logger;
  /** False as soon as the lease may have expired, even if nobody has noticed yet: a paused process wakes up so. */
  readonly isHeld: () => boolean;
}

/**
 * Does work on the read store, again while the store is away. Throws `WritingEnded` when the lease is lost meanwhile, and
 * what else the work throws.
 */
export async function retryWhileUnavailable<Result>(
  writing: WritePermission,
  work: () => Promise<Result>,
): Promise<Result> {
  for (let failures = 0; ; failures += 1) {
    if (writing.signal.aborted || !writing.isHeld()) throw new WritingEnded();
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof ReadStoreUnavailable)) throw error;
      writing.logger.warn('the read store is away; trying again', { failures, error: error.message });
      await pause(backoffMs(failures, backoff), writing.signal);
    }
  }
}
