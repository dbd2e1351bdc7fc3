import { LRUCache } from 'lru-cache';
import pLimit from 'p-limit';
import { type OrderId, orderId as orderIdFrom } from '../../domain/kernel/ids.ts';
import type { Logger } from '../../event-store/logger.ts';
import type { DueDeadline } from '../../projections/deadlines/queries.ts';
import type { FulfilmentRunner } from './fulfilment-runner.ts';
import type { OutsideCalls } from './outside-calls.ts';
import { type Parking, waitStep } from './parked/parked-steps.ts';

/** What became of a deadline: `aside` until an operator wants it, `later` when somebody else may be at it. */
export type Fired = 'fired' | 'aside' | 'later';
export type Fire = (due: DueDeadline, again: boolean) => Promise<Fired>;

/** From this attempt on, or when it is so far from its time, a deadline may be what ends the processes that fire it. */
const SUSPECT_FROM_ATTEMPT = 3;
const FAR_MS = 60_000;
/** A mark that stands unchanged for so long was made by a process that ended, or fell silent. */
const STANDS_MS = 30_000;

export interface SuspectedDeadlinesOptions {
  readonly runner: Pick<FulfilmentRunner, 'fire'>;
  readonly calls: Pick<OutsideCalls, 'ended'>;
  readonly parking: Pick<Parking, 'standing' | 'mayTry' | 'survived'>;
  readonly clock: () => Date;
  /** Milliseconds by a clock that nobody sets. */
  readonly elapsed: () => number;
  readonly logger: Logger;
}

export interface SuspectedDeadlines {
  readonly fire: Fire;
  /** Resolves once it is noted of all suspects that were fired that they were survived: after their calls. */
  stop(): Promise<void>;
}

/**
 * Fires deadlines, suspects under a mark in the log that is taken back once all that they set going has ended, calls
 * included. What is marked again and again, and never survived, is what ends its processes: it is set aside. A suspect
 * that has a mark already is taken beside no other such, lest the innocent of its company be marked with it.
 */
export function suspectedDeadlines(options: SuspectedDeadlinesOptions): SuspectedDeadlines {
  const { runner, calls, parking, clock, elapsed, logger } = options;
  /** Waits that this process has lived through once: whatever ends others, these do not. */
  const lived = new LRUCache<string, true>({ max: 20_000 });
  const seen = new LRUCache<string, { readonly marks: number; readonly since: number }>({ max: 2_000 });
  const underWay = new Map<string, Promise<void>>();
  const alone = pLimit(1);
  let stopped = false;

  const isSuspect = ({ attempt, dueAt }: DueDeadline): boolean =>
    attempt >= SUSPECT_FROM_ATTEMPT || Math.abs(clock().getTime() - Date.parse(dueAt)) > FAR_MS;

  const hasStood = (stepId: string, marks: number): boolean => {
    const known = seen.get(stepId);
    if (known?.marks === marks) return elapsed() - known.since >= STANDS_MS;
    seen.set(stepId, { marks, since: elapsed() });
    return false;
  };

  const survive = async (orderId: OrderId, stepId: string): Promise<void> => {
    await calls.ended(orderId);
    lived.set(stepId, true);
    await parking.survived({ stepId });
  };

  const keep = (stepId: string, work: Promise<void>): void => {
    const kept = work
      .catch((error: unknown) => logger.warn('a suspected deadline failed', { stepId, error }))
      .finally(() => underWay.delete(stepId));
    underWay.set(stepId, kept);
  };

  return {
    async fire(due, again) {
      const orderId = orderIdFrom(due.orderId);
      const fire = () => runner.fire(orderId, due.deadlineId, again);
      if (!isSuspect(due)) return fire().then(() => 'fired');
      const step = waitStep(orderId, due.waitingFor);
      const { stepId } = step;
      const marks = await parking.standing(stepId);
      if (marks === 'aside') return 'aside';
      if (lived.has(stepId)) return fire().then(() => 'fired');
      if (underWay.has(stepId) || (marks > 0 && !hasStood(stepId, marks))) return 'later';
      if (marks === 0) {
        if (!(await parking.mayTry(step, marks))) return 'later';
        await fire().finally(() => keep(stepId, survive(orderId, stepId)));
        return 'fired';
      }
      // Whoever looks at deadlines does not wait for it: others are due.
      const work = alone(async () => {
        if (stopped || !(await parking.mayTry(step, marks))) return;
        await fire().finally(() => survive(orderId, stepId));
      });
      keep(stepId, work);
      return 'later';
    },
    async stop() {
      stopped = true;
      await Promise.all(underWay.values());
    },
  };
}
