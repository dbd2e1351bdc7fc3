import { LRUCache } from 'lru-cache';
import { idOfStream } from '../../../event-store/stream-name.ts';
import { atMost } from '../../../platform/at-most.ts';
import type { DueTimeout } from '../../../projections/deadlines/queries.ts';
import type { WaitRules } from '../definition.ts';

export interface ObservedWaits {
  /** Reports a time at which the event store has recorded an event. */
  readonly recordedAt: (time: Date) => void;
  /** Reports that this process has recorded the begin of a wait. */
  readonly began: (timeoutId: string) => void;
  /** Returns whether a wait is over for this process. A wait that it observes for the first time begins now. */
  readonly isOver: (due: DueTimeout, rules: Pick<WaitRules, 'mustLast' | 'timeoutMs'>) => boolean;
}

/** Maximum number of remembered waits; the oldest are dropped. */
const REMEMBERED = 20_000;

/**
 * Measures waits without the clocks of hosts, which may be wrong. A wait that ends after a number of timeouts must last its
 * whole length: by the monotonic clock of a process that has observed it, or, when no process runs that long, by the
 * clock of the event store. For other waits, an early timeout only repeats a call. `elapsed` returns milliseconds of a monotonic clock.
 */
export function createObservedWaits(elapsed: () => number): ObservedWaits {
  const since = new LRUCache<string, number>(atMost(REMEMBERED));
  let newest = Number.NEGATIVE_INFINITY;
  const began = (timeoutId: string): number => {
    const known = since.get(timeoutId) ?? elapsed();
    since.set(timeoutId, known);
    return known;
  };
  return {
    began: (timeoutId) => void began(timeoutId),
    recordedAt: (time) => {
      newest = Math.max(newest, time.getTime());
    },
    isOver: ({ stream, timeoutId, waitingFor, attempt, scheduledAt }, { mustLast, timeoutMs }) => {
      if (!mustLast(waitingFor)) return true;
      const ms = timeoutMs({ id: idOfStream(stream), waitingFor, attempt });
      return elapsed() - began(timeoutId) >= ms || newest - Date.parse(scheduledAt) >= ms;
    },
  };
}
