import { randomUUID } from 'node:crypto';
import { Registry } from 'prom-client';
import { ourPrefixes } from '../../event-catalogue/streams.ts';
import { backoffMs, pause } from '../../platform/async/backoff.ts';
import { untilAborted } from '../../platform/async/until-aborted.ts';
import { limitOutageWarnings } from '../../platform/logging/limit-warnings.ts';
import { ReadStoreUnusable } from '../../read-store/errors.ts';
import type { ReadStore } from '../../read-store/read-store.ts';
import { ChangeFeed } from '../feed/change-feed.ts';
import { startFeedServer } from '../feed/feed-server.ts';
import { checkReadStoreOrigin } from './check-read-store-origin.ts';
import { acquireLease, type HeldLease } from './lease/acquire-lease.ts';
import { PausableRunner } from './lease/pausable-runner.ts';
import { defaultTuning, type ProjectorOptions } from './projector-options.ts';
import { projectorReadiness } from './projector-readiness.ts';
import type { Observer } from './status/observer.ts';
import { createProjectorMetrics } from './status/projector-metrics.ts';
import { retryWhileStoresUnavailable } from './wait-for-stores.ts';
import { WritingSession } from './writing-session.ts';

export interface Projector {
  readonly port: number;
  /** Address of the change feed. While this projector writes, the lease contains it too. */
  readonly feedUrl: string;
  /** Resolves when the projector has stopped; rejects with `ReadStoreUnusable` when it cannot continue. */
  readonly done: Promise<void>;
  /** Ends all work on the read store, so that it can be reopened. Returns a function that resumes the work. */
  readonly pauseWriting: () => Promise<() => void>;
}

/**
 * Starts a projector: it writes the read models while it holds the lease, and waits for the lease otherwise. Waits for
 * unavailable stores. Throws `ReadStoreUnusable` when the read store does not belong to the event
 * store, `CannotListen` when the port is taken.
 */
export async function startProjector(options: ProjectorOptions): Promise<Projector> {
  const { signal, host, port = 0, stores, projections, store } = options;
  const logger = limitOutageWarnings(options.logger, 'read store');
  const tuning = { ...defaultTuning, ...options.tuning };
  const metrics = options.metrics ?? new Registry();
  const projectorMetrics = createProjectorMetrics(metrics);
  const feed = new ChangeFeed();
  const runner = new PausableRunner();
  const owner = randomUUID();
  let held: HeldLease | undefined;
  let failing = false;
  const isWriting = () => held?.isHeld() ?? false;

  const server = await startFeedServer({
    feed,
    host,
    port,
    metrics,
    logger,
    accessLog: options.accessLog,
    isWriting,
    ready: async () => projectorReadiness(stores(), isWriting(), failing),
  });
  const observer: Observer = {
    ...projectorMetrics,
    moved: (model, position) => {
      projectorMetrics.moved(model, position);
      feed.publish(model, position.commit);
    },
  };
  const leaseOf = (readStore: ReadStore) => ({
    readStore,
    owner,
    url: server.feedUrl,
    ttlMs: tuning.leaseTtlMs,
    logger,
  });

  async function writeWhileHeld(readStore: ReadStore, stop: AbortSignal): Promise<void> {
    held = await acquireLease(leaseOf(readStore), stop);
    if (held === undefined) return;
    const { lost, isHeld, release } = held;
    projectorMetrics.writing(true);
    logger.info('the projector writes the read models', { feed: server.feedUrl });
    const writing = {
      signal: AbortSignal.any([stop, lost]),
      logger,
      isHeld: () => isHeld() && !stop.aborted,
    };
    try {
      await untilAborted(checkReadStoreOrigin(store, readStore, projections), writing.signal);
      if (writing.signal.aborted) return;
      failing = false;
      await new WritingSession({
        ...options,
        readStore,
        prefixes: ourPrefixes,
        tuning,
        observer,
        writing,
      }).run();
    } finally {
      projectorMetrics.writing(false);
      await release();
      held = undefined;
      feed.close();
    }
  }

  async function run(readStore: ReadStore): Promise<void> {
    try {
      for (let failures = 0; !signal.aborted; ) {
        try {
          await runner.run(signal, (stop) => writeWhileHeld(readStore, stop));
          failures = 0;
        } catch (error) {
          if (error instanceof ReadStoreUnusable) throw error;
          failing = true;
          logger.error('the projector failed and restarts', { error: String(error) });
          await pause(backoffMs(failures++, { firstMs: 200, maxMs: 10_000 }), signal);
        }
      }
    } finally {
      await server.close();
    }
  }

  let readStore: ReadStore;
  try {
    readStore = await options.readStore;
    await retryWhileStoresUnavailable(
      signal,
      { readStore: logger, eventStore: limitOutageWarnings(options.logger, 'event store') },
      () => checkReadStoreOrigin(store, readStore, projections),
    );
  } catch (error) {
    await server.close();
    throw error;
  }
  return {
    port: server.port,
    feedUrl: server.feedUrl,
    done: run(readStore),
    pauseWriting: async () => {
      const wrote = isWriting();
      const resume = await runner.pause();
      // Another projector may still write to the replaced read store until its lease ends.
      if (!wrote) await pause(tuning.leaseTtlMs, signal);
      return resume;
    },
  };
}
