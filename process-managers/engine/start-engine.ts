import pLimit from 'p-limit';
import type { Registry } from 'prom-client';
import type { CommandHandler } from '../../command-handling/command-handler.ts';
import { parkingStream } from '../../event-catalogue/streams.ts';
import type { EventStore } from '../../event-store/event-store.ts';
import type { Logger } from '../../event-store/logger.ts';
import type { PersistentSubscriptions } from '../../event-store/subscriptions/persistent-subscription.ts';
import type { Readiness } from '../../platform/http/monitoring/health.ts';
import { limitOutageWarnings } from '../../platform/logging/limit-warnings.ts';
import type { ReadStore } from '../../read-store/read-store.ts';
import { createProcessManager, type ProcessManager } from './create-process-manager.ts';
import type { Definition, WorkflowTypes } from './definition.ts';
import { processManagerMetrics } from './metrics.ts';
import { createCrashGuard } from './parking/crash-guard.ts';
import { createReplayRequestHandler, itemToReplay } from './parking/handle-replay-requests.ts';
import { createParking } from './parking/parking.ts';
import { redeliverParked } from './parking/redeliver-parked.ts';
import { type Dependencies, readinessOf } from './readiness.ts';
import { repeat } from './repeat.ts';
import { consume, type Subscription } from './subscriptions.ts';
import { createObservedWaits } from './timeouts/observed-waits.ts';
import { runTimeouts } from './timeouts/run-timeouts.ts';

export interface Concurrency {
  /** Commands that run at once, of all instances together. */
  readonly commands: number;
  /** Timeouts that are handled at once. */
  readonly timeouts: number;
  /** External calls that run at once. */
  readonly calls: number;
  /** External calls that may be queued; timeouts repeat those beyond it. */
  readonly callsWaiting: number;
}

export const defaultConcurrency: Concurrency = {
  commands: 256,
  timeouts: 64,
  calls: 256,
  callsWaiting: 20_000,
};

/** Milliseconds between two looks at the running replays. */
const CONTINUE_REPLAYS_EVERY_MS = 500;
/** Milliseconds between two checks whether the event store has parked something by itself. */
const REDELIVER_PARKED_EVERY_MS = 60_000;
/** Milliseconds for which external calls may continue after a stop. */
const GRACE_MS = 8_000;

export interface EngineOptions {
  readonly store: Pick<EventStore, 'read'> & PersistentSubscriptions;
  readonly handler: CommandHandler;
  readonly readStore: ReadStore;
  /** Dependencies for health; must return at once. */
  readonly dependencies: () => Dependencies;
  readonly logger: Logger;
  readonly metrics: Registry;
  readonly clock: () => Date;
  readonly concurrency?: Partial<Concurrency>;
}

/** Creates the process manager of a definition, with everything that the engine shares between them. */
export type Create = <Types extends WorkflowTypes>(definition: Definition<Types>) => ProcessManager;

export interface RunningEngine {
  /** Returns ready while events are consumed and timeouts are handled. */
  ready(): Promise<Readiness>;
  /** Accepts nothing more, finishes what is in flight, and ends. */
  stop(): Promise<void>;
}

/** Starts the process managers that `define` creates. Any number of processes may do so at once. */
export function startEngine(
  options: EngineOptions,
  define: (create: Create) => readonly ProcessManager[],
): RunningEngine {
  const { store, handler, readStore, dependencies, logger, clock } = options;
  const concurrency = { ...defaultConcurrency, ...options.concurrency };
  const outage = limitOutageWarnings(logger, 'event store');
  const aborter = new AbortController();
  const elapsed = () => performance.now();

  const parking = createParking(handler, clock);
  const guard = createCrashGuard(handler, clock);
  const observed = createObservedWaits(elapsed);
  const limit = pLimit(concurrency.commands);
  const managers = define((definition) =>
    createProcessManager(definition, {
      handler,
      parking,
      guard,
      timeoutScheduled: observed.began,
      limit,
      maxRunningCalls: concurrency.calls,
      maxWaitingCalls: concurrency.callsWaiting,
      clock,
      logger,
    }),
  );

  const subscriptions: readonly Subscription[] = [
    ...managers.map(({ name, prefixes, deliveriesAtOnce, handle }) => ({
      group: name,
      from: { prefixes },
      concurrency: deliveriesAtOnce,
      handle,
    })),
    {
      group: 'parking',
      from: { stream: parkingStream },
      concurrency: 8,
      handle: createReplayRequestHandler({ parking, store, managers }),
      about: itemToReplay,
    },
  ];
  const groups = subscriptions.map(({ group }) => group);
  const metrics = processManagerMetrics(options.metrics, {
    groups,
    calls: managers.map(({ calls }) => calls),
    parked: parking.list,
  });
  const consuming = consume(subscriptions, {
    store,
    parking,
    guard,
    logger,
    signal: aborter.signal,
    onDelivery: ({ recorded }) => observed.recordedAt(recorded.at),
    onVerdict: (group, { recorded }, { verdict }) =>
      metrics.delivered(group, verdict, clock().getTime() - recorded.at.getTime()),
  });

  const timeouts = runTimeouts(managers, {
    observed,
    readStore,
    guard,
    clock,
    elapsed,
    logger,
    onDue: metrics.deadline,
    atOnce: concurrency.timeouts,
  });
  const loops = [
    repeat(
      CONTINUE_REPLAYS_EVERY_MS,
      async () => (await parking.continueReplays()) > 0,
      (error) => outage.warn('cannot continue the replays of parked items', { error: String(error) }),
    ),
    repeat(
      REDELIVER_PARKED_EVERY_MS,
      async () => {
        await redeliverParked(store, groups, logger);
        return false;
      },
      (error) =>
        outage.warn('cannot read whether the event store has parked events', { error: String(error) }),
    ),
  ];

  return {
    ready: async () => readinessOf(dependencies(), consuming.checks, timeouts.lookFailed()),
    async stop() {
      aborter.abort();
      await Promise.all([...[timeouts, ...loops].map((loop) => loop.stop()), consuming.ended]);
      await Promise.all(managers.map(({ calls }) => calls.stop(GRACE_MS)));
    },
  };
}
