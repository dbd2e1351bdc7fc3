import { LRUCache } from 'lru-cache';
import type { DueDeadline } from '../projections/deadlines/queries.ts';

export interface ObservedWaitsOptions {
  /** Length of a wait in milliseconds. */
  readonly lastsMs: (wait: DueDeadline) => number;
  /** Milliseconds of a monotonic clock. */
  readonly elapsed: () => number;
}

export interface ObservedWaits {
  /** Reports a time at which the event store has recorded an event. */
  readonly recordedAt: (time: Date) => void;
  /** Reports that this process has recorded the begin of a wait. */
  readonly began: (deadlineId: string) => void;
  /** Returns whether a wait is over for this process. A wait that it observes for the first time begins now. */
  readonly isOver: (due: DueDeadline) => boolean;
}

/** Maximum number of remembered waits; the oldest are dropped. */
const REMEMBERED = 20_000;

/**
 * Observes waits by clocks that agree. A payment is given up after a number of waits, so each must really have lasted: by
 * the monotonic clock of a process that has observed the whole wait, or by the clock of the event store, so that a wait
 * ends also when no process lives that long. Wrong clocks of hosts do not matter. For other waits, a deadline that fires
 * too early only repeats a call.
 */
export function observedWaits({ lastsMs, elapsed }: ObservedWaitsOptions): ObservedWaits {
  const since = new LRUCache<string, number>({ max: REMEMBERED });
  let newest = Number.NEGATIVE_INFINITY;
  const began = (deadlineId: string): number => {
    const known = since.get(deadlineId) ?? elapsed();
    since.set(deadlineId, known);
    return known;
  };
  return {
    began: (deadlineId) => void began(deadlineId),
    recordedAt: (time) => {
      newest = Math.max(newest, time.getTime());
    },
    isOver: (due) => {
      if (due.waitingFor !== 'payment') return true;
      const lasts = lastsMs(due);
      return elapsed() - began(due.deadlineId) >= lasts || newest - Date.parse(due.setAt) >= lasts;
    },
  };
}
