import type { DueTimeout } from '../../../projections/deadlines/queries.ts';

export interface StraysOptions {
  /** Maximum length of a wait of a kind in milliseconds. */
  readonly maxMs: (waitingFor: string) => number;
  /** Milliseconds of a monotonic clock. */
  readonly elapsed: () => number;
}

/**
 * Observes timeouts that are due later than any wait lasts: the clock of the process that scheduled them was ahead, or the
 * clock here was set back, so `dueAt` is not trusted. `overdue` returns those that this process has observed for the
 * maximum length of their kind. Where clocks differ only a little, the process that scheduled one handles it in time.
 */
export function createStrays({ maxMs, elapsed }: StraysOptions) {
  let observedSince = new Map<string, number>();
  return {
    overdue(found: readonly DueTimeout[]): DueTimeout[] {
      const now = elapsed();
      observedSince = new Map(found.map(({ timeoutId }) => [timeoutId, observedSince.get(timeoutId) ?? now]));
      return found.filter(
        ({ timeoutId, waitingFor }) => now - (observedSince.get(timeoutId) ?? now) >= maxMs(waitingFor),
      );
    },
  };
}
