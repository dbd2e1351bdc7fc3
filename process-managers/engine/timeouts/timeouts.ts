import { LRUCache } from 'lru-cache';
import pLimit from 'p-limit';
import type { Logger } from '../../../event-store/logger.ts';
import { idOfStream } from '../../../event-store/stream-name.ts';
import { atMost } from '../../../platform/at-most.ts';
import { limitOutageWarnings } from '../../../platform/logging/limit-warnings.ts';
import type { DeadlineDocument } from '../../../projections/deadlines/document.ts';
import { deadlinesProjection } from '../../../projections/deadlines/projection.ts';
import { type DueTimeout, dueTimeouts, strayTimeouts } from '../../../projections/deadlines/queries.ts';
import type { ReadStore } from '../../../read-store/read-store.ts';
import type { ProcessManager } from '../create-process-manager.ts';
import type { WaitRules } from '../definition.ts';
import { type CrashGuard, WORKER_CRASHED } from '../parking/crash-guard.ts';
import { MAX_UNGUARDED_ATTEMPTS } from '../parking/park-failed-calls.ts';
import type { WhyParked } from '../parking/parking.ts';
import { createJudge, isOutage } from '../verdicts.ts';
import { createStrays } from './stray-timeouts.ts';

export interface TimeoutsOptions {
  readonly manager: Pick<ProcessManager, 'streamOf' | 'timeoutElapsed' | 'parkWait'>;
  readonly rules: Pick<WaitRules, 'kinds' | 'maxTimeoutMs' | 'itemOf'>;
  readonly readStore: ReadStore;
  readonly guard: CrashGuard;
  readonly clock: () => Date;
  /** Milliseconds of a monotonic clock. */
  readonly elapsed: () => number;
  readonly logger: Logger;
  /** Called with the outcome of each due timeout. */
  readonly onDue?: (outcome: 'fired' | 'failed') => void;
  /** Whether a wait has lasted its whole length. */
  readonly isOver: (due: DueTimeout) => boolean;
  /** Maximum number of timeouts that are handled at once. */
  readonly atOnce: number;
}

export interface Timeouts {
  /** Handles the timeouts that are due; returns their number. Throws what the read store throws. */
  look(): Promise<number>;
}

/** Maximum number of timeouts that one look handles. */
const BATCH = 200;
/** Maximum number that one look reads: timeouts that this process may not handle yet must not hide others. */
const MAX_READ = 2_000;
/** Milliseconds until a failed timeout is handled again, so that it does not delay others. */
const REST_MS = 5_000;

/**
 * Reports the due timeouts of the read model to the instances of a process manager. The read model may be stale, and other
 * processes read it too: a timeout that is no longer current changes nothing. This process remembers the timeouts that it
 * has handled, so a stale read model does not repeat them.
 */
export function createTimeouts({
  manager,
  rules,
  readStore,
  guard,
  clock,
  elapsed,
  logger,
  onDue,
  isOver,
  atOnce,
}: TimeoutsOptions): Timeouts {
  const { failed, succeeded } = createJudge();
  /** By timeout id: the time of its last failure by the monotonic clock, or that it was handled. */
  const known = new LRUCache<string, number | 'handled'>(atMost(10_000));
  const limit = pLimit(atOnce);
  const outages = limitOutageWarnings(logger, 'event store');
  const strays = createStrays({ maxMs: rules.maxTimeoutMs, elapsed });

  const mayHandle = ({ timeoutId, stream }: DueTimeout): boolean => {
    if (manager.streamOf(idOfStream(stream)) !== stream) return false;
    const failedAt = known.get(timeoutId);
    return failedAt === undefined || (failedAt !== 'handled' && elapsed() - failedAt >= REST_MS);
  };

  const park = async (due: DueTimeout, why: WhyParked): Promise<void> => {
    const { stream, timeoutId, waitingFor } = due;
    await manager.parkWait(idOfStream(stream), waitingFor, why, { id: timeoutId });
  };

  async function parks(due: DueTimeout, why: WhyParked): Promise<boolean> {
    try {
      await park(due, why);
      return true;
    } catch (error) {
      logger.error('a timeout could not be parked', { stream: due.stream, error });
      return false;
    }
  }

  async function handle(due: DueTimeout): Promise<void> {
    const { stream, timeoutId, waitingFor, attempt, dueAt } = due;
    const id = idOfStream(stream);
    const wait = `${waitingFor} of ${id}`;
    const work = () => manager.timeoutElapsed(id, timeoutId, known.has(timeoutId));
    try {
      if (attempt < MAX_UNGUARDED_ATTEMPTS) await work();
      else
        await guard.run(`${rules.itemOf(id, waitingFor).itemId}-timeout`, work, () =>
          park(due, WORKER_CRASHED),
        );
      known.set(timeoutId, 'handled');
      succeeded(wait);
      onDue?.('fired');
    } catch (error) {
      const judgement = failed(wait, error);
      const { detail } = judgement;
      const isParked = judgement.giveUp && (await parks(due, { reason: judgement.reason, detail }));
      known.set(timeoutId, isParked ? 'handled' : elapsed());
      onDue?.('failed');
      const fields = { stream, timeoutId, dueAt, error };
      if (isOutage(error)) outages.warn('a timeout could not be handled', fields);
      else logger.error('a timeout could not be handled', fields);
    }
  }

  return {
    async look() {
      const now = clock();
      const { kinds, maxTimeoutMs: maxMs } = rules;
      const documents = await readStore.live<DeadlineDocument>(deadlinesProjection);
      const found = await dueTimeouts(documents, { kinds, now, limit: MAX_READ + known.size });
      const later = await strayTimeouts(documents, { kinds, now, maxMs, limit: BATCH + known.size });
      const due = [...found.filter(isOver), ...strays.overdue(later)].filter(mayHandle).slice(0, BATCH);
      await Promise.all(due.map((timeout) => limit(handle, timeout)));
      return due.length;
    },
  };
}
