import { LRUCache } from 'lru-cache';
import type { DueDeadline } from '../../projections/deadlines/queries.ts';

export interface ObservedWaitsOptions {
  /** How long a wait lasts, in milliseconds. */
  readonly lastsMs: (wait: DueDeadline) => number;
  /** Milliseconds by a clock that nobody sets. */
  readonly elapsed: () => number;
}

export interface ObservedWaits {
  /** This process has recorded that the wait begins. */
  readonly began: (deadlineId: string) => void;
  /** Whether the wait is over for this process; one that it sees for the first time begins now. */
  readonly isOver: (due: DueDeadline) => boolean;
}

/** Waits that are known: those that began, or were seen, last. */
const REMEMBERED = 20_000;

/**
 * Payments are given up by the number of their waits, so each of these must really have lasted: a wait for a payment is
 * over for a process that has observed it for its whole length, whatever the clocks say that set it or look at it. In
 * other waits a deadline that comes too early asks once more, and changes nothing.
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
