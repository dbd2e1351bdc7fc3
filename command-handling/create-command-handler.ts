import { LRUCache } from 'lru-cache';
import type { Decider } from '../domain/kernel/decider.ts';
import type { DomainEvent } from '../domain/kernel/event.ts';
import type { EventStore } from '../event-store/event-store.ts';
import { type Logger, silent } from '../event-store/logger.ts';
import type { Snapshots } from '../event-store/snapshots/snapshots.ts';
import { aggregateSnapshots } from './aggregates.ts';
import type { CommandHandler, CommandRequest, CommandResult } from './command-handler.ts';
import type { AnyDecider, Folded } from './folded.ts';
import type { SnapshotShape } from './snapshot-shapes.ts';
import { createSnapshotting } from './snapshotting.ts';
import { type QueueLimits, StreamQueues } from './stream-queues.ts';
import { type Job, takeTurn } from './turn.ts';
import { weightOf } from './weight.ts';

export interface CommandLimits extends QueueLimits {
  /** Commands decided together at most. */
  readonly batch: number;
  /** Bytes of events appended together at most; one command alone may need more. */
  readonly batchBytes: number;
  /** How often a batch is decided again because others wrote in between, before it is given up. */
  readonly attempts: number;
  /** Streams whose folded state is kept, and what all of them together may weigh: their entries, mostly. */
  readonly cachedStreams: number;
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
  /** Where folded states of long streams are kept; without it they are read from their start. */
  readonly snapshots?: Snapshots;
  /** Whose states are kept, and how; the domain's when absent. */
  readonly shapes?: readonly SnapshotShape[];
  readonly logger?: Logger;
  /** False while the event store may have been replaced since the states were cached; always true when absent. */
  readonly isTrusted?: () => boolean;
  readonly limits?: Partial<CommandLimits>;
}

/** A command handler, and how many commands wait for it. */
export interface WatchedCommandHandler extends CommandHandler {
  readonly waiting: () => number;
}

export function createCommandHandler(options: CommandHandlerOptions): WatchedCommandHandler {
  const { store, logger = silent, isTrusted = () => true } = options;
  const limits = { ...defaultLimits, ...options.limits };
  const cache = new LRUCache<string, CachedState>({
    max: limits.cachedStreams,
    maxSize: limits.cachedWeight,
    sizeCalculation: ({ folded }) => weightOf(folded.state),
  });
  const snapshotting = createSnapshotting(options.snapshots, options.shapes ?? aggregateSnapshots, logger);
  const recall = (stream: string, decider: AnyDecider): Folded | undefined => {
    if (!isTrusted()) cache.clear();
    const cached = cache.get(stream);
    return cached?.decider === decider ? cached.folded : undefined;
  };
  const queues = new StreamQueues<Job>(limits, (stream, waiting) =>
    takeTurn(stream, waiting, {
      store,
      logger,
      limits,
      recall: (decider) => recall(stream, decider),
      loadSnapshot: (decider) => snapshotting.load(stream, decider),
      remember: (decider, folded) =>
        void cache.set(stream, { decider, folded: snapshotting.keep(stream, decider, folded) }),
      forget: () => void cache.delete(stream),
    }),
  );

  return {
    waiting: () => queues.waiting,
    handle: <State, Command, Event extends DomainEvent>(request: CommandRequest<State, Command, Event>) =>
      new Promise<CommandResult<State, Event>>((resolve, reject) => {
        // A stream has one decider, so what comes back is of the types that went in.
        const job = { request, resolve, reject } as unknown as Job;
        queues.add(request.stream, job);
      }),
    cachedState: <State, Command, Event extends DomainEvent>(
      stream: string,
      decider: Decider<State, Command, Event>,
    ) => recall(stream, decider as unknown as AnyDecider)?.state as State | undefined,
  };
}

interface CachedState {
  readonly decider: AnyDecider;
  readonly folded: Folded;
}
