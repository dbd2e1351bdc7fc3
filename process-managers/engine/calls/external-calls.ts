import { EventEmitter, once, setMaxListeners } from 'node:events';
import { LRUCache } from 'lru-cache';
import type { Actions } from '../../../domain/kernel/workflow.ts';
import type { Logger } from '../../../event-store/logger.ts';
import { atMost } from '../../../platform/at-most.ts';
import { limitOutageWarnings } from '../../../platform/logging/limit-warnings.ts';
import type { Cause } from '../causes.ts';
import type { ExternalCall } from '../definition.ts';
import { isOutage } from '../verdicts.ts';
import { FairQueue } from './fair-queue.ts';

/** An external call of an instance, the `attempt`-th of its wait. */
export interface RequestedCall<Call> {
  readonly id: string;
  readonly call: Call;
  readonly attempt: number;
  readonly cause: Cause;
}

/** Makes a call and records its result. May throw: the recorded timeout repeats the call. */
export type MakeCall<Call> = (requested: RequestedCall<Call>, signal: AbortSignal) => Promise<void>;

export interface ExternalCallsOptions<Call> {
  readonly make: MakeCall<Call>;
  /** Names, such as a customer: the calls of one name take at most three quarters of the places. */
  readonly lanesOf: (call: Call) => readonly string[];
  /** Maximum number of running calls in this process. */
  readonly maxRunning: number;
  /** Maximum number of queued calls; timeouts repeat those beyond it. */
  readonly maxWaiting: number;
  readonly logger: Logger;
}

export interface ExternalCalls<Call> {
  /**
   * Queues the calls that an instance needs now, and removes queued ones that it no longer needs. Each timeout's calls are
   * queued once per process. The same call of an instance never runs twice at once.
   */
  request(id: string, todo: Pick<Actions<unknown, Call>, 'calls' | 'timeout'>, cause: Cause): void;
  counts(): { readonly running: number; readonly waiting: number };
  /** Resolves when no call of an instance runs or waits. */
  ended(id: string): Promise<void>;
  idle(): Promise<void>;
  /** Drops queued calls, lets running ones end, and aborts them after `graceMs`. */
  stop(graceMs: number): Promise<void>;
}

/** A quarter of the places stays free when the calls of one lane hang. */
const LANE_SHARE = 0.75;
/** Maximum number of timeouts whose calls are remembered as queued. */
const MAX_REMEMBERED = 20_000;

/** Makes external calls in the background: no delivery waits for them, and a timeout covers each. */
export function createExternalCalls<Call extends ExternalCall>({
  make,
  lanesOf,
  maxRunning,
  maxWaiting,
  logger,
}: ExternalCallsOptions<Call>): ExternalCalls<Call> {
  const aborter = new AbortController();
  // Each running call listens to it.
  setMaxListeners(0, aborter.signal);
  const ends = new EventEmitter();
  /** Names of the queued and running calls of each instance. */
  const namesOf = new Map<string, Set<string>>();
  const queue = new FairQueue({ maxRunning, maxPerLane: Math.ceil(maxRunning * LANE_SHARE) });
  const queuedTimeouts = new LRUCache<string, true>(atMost(MAX_REMEMBERED));
  const outages = limitOutageWarnings(logger, 'event store');
  let isStopped = false;

  const run = async (requested: RequestedCall<Call>): Promise<void> => {
    try {
      await make(requested, aborter.signal);
    } catch (error) {
      const fields = { id: requested.id, call: requested.call.type, error };
      if (isOutage(error)) outages.warn('an external call failed; its timeout retries it', fields);
      else logger.error('an external call failed; its timeout retries it', fields);
    }
  };

  const add = (requested: RequestedCall<Call>): void => {
    const { id, call } = requested;
    const name = nameOf(call);
    const key = keyOf(name, id);
    if (queue.isRunning(key)) return;
    if (queue.waiting >= maxWaiting && !queue.isWaiting(key)) {
      logger.warn('too many external calls; the timeout retries this one', { id, call: call.type });
      return;
    }
    const names = namesOf.get(id) ?? new Set();
    namesOf.set(id, names.add(name));
    const onEnd = (): void => {
      names.delete(name);
      if (names.size === 0) namesOf.delete(id);
      ends.emit(id);
    };
    queue.add(key, lanesOf(call), () => run(requested), onEnd);
  };

  return {
    request(id, { calls, timeout }, cause) {
      if (isStopped) return;
      const needed = new Set(calls.map(nameOf));
      for (const name of namesOf.get(id) ?? []) if (!needed.has(name)) queue.remove(keyOf(name, id));
      if (timeout === undefined || queuedTimeouts.has(timeout.timeoutId)) return;
      queuedTimeouts.set(timeout.timeoutId, true);
      for (const call of calls) add({ id, call, attempt: timeout.attempt, cause });
      queue.start();
    },
    counts: () => ({ running: queue.running, waiting: queue.waiting }),
    async ended(id) {
      while (namesOf.has(id)) await once(ends, id);
    },
    idle: () => queue.idle(),
    async stop(graceMs) {
      isStopped = true;
      queue.removeAll();
      const timer = setTimeout(() => aborter.abort(), graceMs);
      await queue.idle();
      clearTimeout(timer);
    },
  };
}

const nameOf = ({ type, subject }: ExternalCall): string =>
  subject === undefined ? type : `${type}:${subject}`;
const keyOf = (name: string, id: string): string => `${name}:${id}`;
