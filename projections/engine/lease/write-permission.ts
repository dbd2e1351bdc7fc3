import type { Logger } from '../../../event-store/logger.ts';
import { backoffMs, pause } from '../../../platform/async/backoff.ts';
import { ReadStoreUnavailable } from '../../../read-store/errors.ts';

const backoff = { firstMs: 100, maxMs: 5_000 };

/** The lease is lost, or the projector stops: nothing more may be written. */
export class WritingEnded extends Error {
  override readonly name = 'WritingEnded';
}

/** Permission to write the read models; it ends with the lease. */
export interface WritePermission {
  readonly signal: AbortSignal;
  readonly logger: Logger;
  /** False as soon as the lease may have expired: a process that was suspended checks it before it writes. */
  readonly isHeld: () => boolean;
}

/** Runs work on the read store; retries while the store is unavailable. Throws `WritingEnded`, and what the work throws. */
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
      writing.logger.warn('the read store is unavailable; retrying', { failures, error: error.message });
      await pause(backoffMs(failures, backoff), writing.signal);
    }
  }
}
