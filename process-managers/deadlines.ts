import { LRUCache } from 'lru-cache';
import pLimit from 'p-limit';
import { type OrderId, orderId } from '../domain/kernel/ids.ts';
import { waitItem } from '../event-catalogue/parked-items.ts';
import type { Logger } from '../event-store/logger.ts';
import { limitOutageWarnings } from '../platform/logging/limit-warnings.ts';
import type { DeadlineDocument } from '../projections/deadlines/document.ts';
import { deadlinesProjection } from '../projections/deadlines/projection.ts';
import { type DueDeadline, dueDeadlines, strayDeadlines } from '../projections/deadlines/queries.ts';
import type { ReadStore } from '../read-store/read-store.ts';
import { type CrashGuard, WORKER_CRASHED } from './parking/crash-guard.ts';
import { MAX_UNGUARDED_ATTEMPTS } from './parking/park-failed-calls.ts';
import type { WhyParked } from './parking/parking.ts';
import { overdueStrays, type StraysOptions } from './stray-deadlines.ts';
import { createJudge, isOutage } from './verdicts.ts';

export interface DeadlinesOptions extends StraysOptions {
  readonly readStore: ReadStore;
  /** `again`: it was tried before, and failed. */
  readonly fire: (orderId: OrderId, deadlineId: string, again: boolean) => Promise<void>;
  /** Parks the wait of a deadline that cannot be fired. */
  readonly park: (due: DueDeadline, why: WhyParked) => Promise<void>;
  readonly guard: CrashGuard;
  readonly clock: () => Date;
  readonly logger: Logger;
  /** Told of each that came due. */
  readonly onDue?: (outcome: 'fired' | 'failed') => void;
  /** Which waits have lasted their whole length, by a monotonic clock. */
  readonly isOver: (due: DueDeadline) => boolean;
  /** How many are fired at once. */
  readonly atOnce: number;
}

export interface Deadlines {
  /** Looks once, and fires what is due; answers how many. Throws what the read store throws. */
  look(): Promise<number>;
}

/** Maximum number of deadlines that one look fires. */
const BATCH = 200;
/** Maximum number that one look reads: deadlines that this process may not fire yet must not hide others. */
const LOOKED_AT = 2_000;
/** One that failed rests this long, so that it does not keep others waiting. */
const REST_MS = 5_000;

/**
 * Fires the deadlines that are due, by the read model. It may be behind, and other processes look at it too: firing
 * reloads the order's stream, and a deadline that is no longer current changes nothing. Those that this process has
 * fired are remembered for a while, so that a model that is behind does not make it fire them over and over.
 */
export function deadlines({
  readStore,
  fire,
  park,
  guard,
  clock,
  logger,
  onDue,
  atOnce,
  isOver,
  ...straying
}: DeadlinesOptions): Deadlines {
  const { failed, succeeded } = createJudge();
  /** By deadline id: since when it rests, in milliseconds of a monotonic clock, or that it must not be fired again. */
  const rests = new LRUCache<string, number | 'for good'>({ max: 10_000 });
  const limit = pLimit(atOnce);
  const overdue = overdueStrays(straying);
  const mayFire = ({ deadlineId }: DueDeadline): boolean => {
    const since = rests.get(deadlineId);
    if (since === undefined || since === 'for good') return since === undefined;
    return straying.elapsed() - since >= REST_MS;
  };

  const parks = async (due: DueDeadline, why: WhyParked): Promise<boolean> => {
    try {
      await park(due, why);
      return true;
    } catch (error) {
      logger.error('a deadline could not be parked', { orderId: due.orderId, error });
      return false;
    }
  };

  /** One warning per outage, which affects many orders. */
  const outages = limitOutageWarnings(logger, 'event store');
  const fireOne = async (due: DueDeadline): Promise<void> => {
    const { deadlineId, dueAt } = due;
    const wait = `${due.waitingFor} of ${due.orderId}`;
    try {
      const work = () => fire(orderId(due.orderId), deadlineId, rests.has(deadlineId));
      if (due.attempt < MAX_UNGUARDED_ATTEMPTS) await work();
      else
        await guard.run(`${waitItem(due.orderId, due.waitingFor).itemId}-timeout`, work, () =>
          park(due, WORKER_CRASHED),
        );
      rests.set(deadlineId, 'for good');
      succeeded(wait);
      onDue?.('fired');
    } catch (error) {
      const judgement = failed(wait, error);
      const { detail } = judgement;
      const parked = judgement.giveUp && (await parks(due, { reason: judgement.reason, detail }));
      rests.set(deadlineId, parked ? 'for good' : straying.elapsed());
      onDue?.('failed');
      const fields = { orderId: due.orderId, deadlineId, dueAt, error };
      if (isOutage(error)) outages.warn('a deadline could not be fired', fields);
      else logger.error('a deadline could not be fired', fields);
    }
  };

  return {
    async look() {
      const now = clock();
      const documents = await readStore.live<DeadlineDocument>(deadlinesProjection);
      const found = await dueDeadlines(documents, now, LOOKED_AT + rests.size);
      const strays = await strayDeadlines(documents, now, straying.longestMs, BATCH + rests.size);
      const over = found.filter((deadline) => isOver(deadline));
      const due = [...over, ...overdue(strays)].filter(mayFire).slice(0, BATCH);
      await Promise.all(due.map((deadline) => limit(fireOne, deadline)));
      return due.length;
    },
  };
}
