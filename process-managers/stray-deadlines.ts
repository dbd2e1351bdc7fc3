import type { WaitingFor } from '../projections/deadlines/document.ts';
import type { DueDeadline } from '../projections/deadlines/queries.ts';

export interface StraysOptions {
  /** How long a wait of a kind lasts at most, in milliseconds. */
  readonly longestMs: (kind: WaitingFor) => number;
  /** Milliseconds by a clock that nobody sets. */
  readonly elapsed: () => number;
}

/**
 * Which of the deadlines that lie further ahead than any wait are over. Whoever set them had a clock that was ahead, or the one
 * here was set back, so what they say is not to be trusted: one is over when it was seen here for as long as its kind lasts at
 * most. Not before: where clocks merely differ, the process that set it fires it in time.
 */
export function overdueStrays({ longestMs, elapsed }: StraysOptions) {
  let seenSince = new Map<string, number>();
  return (found: readonly DueDeadline[]): DueDeadline[] => {
    const now = elapsed();
    seenSince = new Map(found.map(({ deadlineId }) => [deadlineId, seenSince.get(deadlineId) ?? now]));
    return found.filter(
      ({ deadlineId, waitingFor }) => now - (seenSince.get(deadlineId) ?? now) >= longestMs(waitingFor),
    );
  };
}
