import { LRUCache } from 'lru-cache';
import type { DomainEvent } from '../domain/kernel/event.ts';
import type { EventStore } from '../event-store/event-store.ts';
import { type Logger, silent } from '../event-store/logger.ts';
import type { Snapshots } from '../event-store/snapshots/snapshots.ts';
import { aggregateSnapshots } from './aggregates.ts';
import { type Job, processBatch } from './batch/process-batch.ts';
import { type QueueLimits, StreamQueues } from './batch/stream-queues.ts';
import type { CommandHandler, CommandRequest, CommandResult } from './command-handler.ts';
import { OneDeciderPerCategory } from './one-decider-per-category.ts';
import type { AnyDecider, Folded } from './state/folded.ts';
import type { SnapshotShape } from './state/snapshot-shape.ts';
import { Snapshotting } from './state/snapshotting.ts';
import { weightOf } from './state/state-weight.ts';

export interface CommandLimits extends QueueLimits {
  /** Maximum number of commands decided together. */
  readonly batch: number;
  /** Maximum size of one append in bytes. The events of a single command may exceed it. */
  readonly batchBytes: number;
  /** Maximum number of conflicts of a batch before its commands fail. */
  readonly attempts: number;
  /** Maximum number of cached states. */
  readonly cachedStreams: number;
  /** Maximum total weight of the cached states: see `weightOf`. */
  readonly cachedWeight: number;
}

export const defaultLimits: CommandLimits = {
  waitingPerStream: 1000,
  waiting: 10_000,
  batch: 256,
  batchBytes: 900 * 1024,
  attempts: 20,
  cachedStreams: 20_000,
  cachedWeight: 2_000_000,
};

export interface CommandHandlerOptions {
  readonly store: EventStore;
  /** Snapshots of long streams. Without them, every stream is read from its start. */
  readonly snapshots?: Snapshots;
  /** The snapshot shapes; by default those of the aggregates. */
  readonly shapes?: readonly SnapshotShape[];
  readonly logger?: Logger;
  /** Returns false while the event store may have been replaced, which makes the cached states invalid. */
  readonly isTrusted?: () => boolean;
  readonly limits?: Partial<CommandLimits>;
}

export interface QueuedCommandHandler extends CommandHandler {
  /** Returns the number of commands in the queues. */
  readonly waiting: () => number;
}

export function createCommandHandler(options: CommandHandlerOptions): QueuedCommandHandler {
  const { store, logger = silent, isTrusted = () => true } = options;
  const limits = { ...defaultLimits, ...options.limits };
  const deciders = new OneDeciderPerCategory();
  const cache = new LRUCache<string, Folded>({
    max: limits.cachedStreams,
    maxSize: limits.cachedWeight,
    sizeCalculation: ({ state }) => weightOf(state),
  });
  const snapshotting = new Snapshotting(options.snapshots, options.shapes ?? aggregateSnapshots, logger);
  const cached = (stream: string): Folded | undefined => {
    if (!isTrusted()) cache.clear();
    return cache.get(stream);
  };
  const queues = new StreamQueues<Job>(limits, (stream, waiting) =>
    processBatch(stream, waiting, {
      store,
      logger,
      limits,
      cached: () => cached(stream),
      loadSnapshot: (decider) => snapshotting.load(stream, decider),
      cache: (decider, folded) => void cache.set(stream, snapshotting.keep(stream, decider, folded)),
      evict: () => void cache.delete(stream),
    }),
  );

  return {
    waiting: () => queues.waiting,
    handle: <State, Command, Event extends DomainEvent>(request: CommandRequest<State, Command, Event>) =>
      new Promise<CommandResult<State, Event>>((resolve, reject) => {
        // A stream has one decider, so its results have the types of the request.
        const job = { request, resolve, reject } as unknown as Job;
        deciders.check(request.stream, job.request.decider);
        queues.add(request.stream, job);
      }),
    cachedState: <State, Command, Event extends DomainEvent>({
      stream,
      decider,
    }: Pick<CommandRequest<State, Command, Event>, 'stream' | 'decider'>) => {
      deciders.check(stream, decider as unknown as AnyDecider);
      return cached(stream)?.state as State | undefined;
    },
  };
}
