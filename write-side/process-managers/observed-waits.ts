import { LRUCache } from 'lru-cache';
import type { DueDeadline } from '../../projections/deadlines/queries.ts';

export interface ObservedWaitsOptions {
  /** Length of a wait in milliseconds. */
  readonly lastsMs: (wait: DueDeadline) => number;
  /** Milliseconds of a monotonic clock. */
  readonly elapsed: () => number;
}

export interface ObservedWaits {
  /** Reports that this process has recorded the begin of a wait. */
  readonly began: (deadlineId: string) => void;
  /** Returns whether a wait is over for this process. A wait that it observes for the first time begins now. */
  readonly isOver: (due: DueDeadline) => boolean;
}

/** Maximum number of remembered waits; the oldest are dropped. */
const REMEMBERED = 20_000;

/**
 * Observes waits by a monotonic clock. A payment is given up after a number of waits, so each must really have lasted: a
 * wait for a payment is over only for a process that has observed it for its whole length. Wrong clocks do not matter.
 * For other waits, a deadline that fires too early only repeats a call.
 */
export function observedWaits({ lastsMs, elapsed }: ObservedWaitsOptions): ObservedWaits {
  const since = new LRUCache<string, number>({ max: REMEMBERED });
  const began = (deadlineId: string): number => {
    const known = since.get(deadlineId) ?? elapsed();
    since.set(deadlineId, known);
    return known;
  };
  return {
    began: (deadlineId) => void began(deadlineId),
    isOver: (due) => due.waitingFor !== 'payment' || elapsed() - began(due.deadlineId) >= lastsMs(due),
  };
}
