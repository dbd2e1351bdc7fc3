import { randomUUID } from 'node:crypto';
import { Registry } from 'prom-client';
import { ourPrefixes } from '../../event-catalogue/streams.ts';
import { EventStoreUnavailable } from '../../event-store/errors.ts';
import type { EventStore } from '../../event-store/event-store.ts';
import type { Logger } from '../../event-store/logger.ts';
import { backoffMs, pause } from '../../platform/async/backoff.ts';
import { untilAborted } from '../../platform/async/until-aborted.ts';
import { type Readiness, readyWhenOk } from '../../platform/http/monitoring/health.ts';
import type { AccessLog } from '../../platform/logging/access-log.ts';
import { foldOutages } from '../../platform/logging/folded-logger.ts';
import { ReadStoreUnavailable, ReadStoreUnusable } from '../../read-store/errors.ts';
import { LEASE_TTL_MS } from '../../read-store/projector-lease.ts';
import type { ReadStore } from '../../read-store/read-store.ts';
import { MODELS_WAIT } from '../../read-store/read-store-watch.ts';
import { ChangeFeed } from '../feed/change-feed.ts';
import { startFeedServer } from '../feed/feed-server.ts';
import type { Projection } from '../projection.ts';
import { checkReadStoreOrigin } from './check-read-store-origin.ts';
import { acquireLease, type HeldLease } from './lease/acquire-lease.ts';
import { PausableRunner } from './lease/pausable-runner.ts';
import type { Observer } from './status/observer.ts';
import { createProjectorMetrics } from './status/projector-metrics.ts';
import type { BatchBounds } from './subscription/batches.ts';
import { WritingSession } from './writing-session.ts';

export interface ProjectorOptions {
  readonly store: EventStore;
  /** Awaited after health is served. */
  readonly readStore: ReadStore | Promise<ReadStore>;
  /** Store checks for health: `ok`, or a sentence. */
  readonly stores: () => { readonly eventStore: string; readonly readStore: string };
  readonly projections: readonly Projection[];
  readonly logger: Logger;
  readonly accessLog?: AccessLog | undefined;
  readonly metrics?: Registry;
  readonly host: string;
  /** A free one when absent. */
  readonly port?: number;
  /** Aborting it stops the projector. */
  readonly signal: AbortSignal;
  readonly tuning?: Partial<Tuning>;
}

export interface Tuning {
  /** How long a projector that is gone keeps others waiting. */
  readonly leaseTtlMs: number;
  readonly batch: BatchBounds;
  /** How long after it stopped a model is tried again. */
  readonly retry: { readonly firstMs: number; readonly maxMs: number };
  /** How long a generation that another has replaced is kept, for the requests that read it. */
  readonly dropAfterMs: number;
}

const usual: Tuning = {
  leaseTtlMs: LEASE_TTL_MS,
  batch: { maxEntries: 500, maxWaitMs: 20, spacingMs: 10 },
  retry: { firstMs: 1_000, maxMs: 60_000 },
  // A request finds out once which generation is live, and then reads: in less than the 12 s that a process which stops gives
  // its last ones. Five times that.
  dropAfterMs: 60_000,
};

export interface Projector {
  readonly port: number;
  /** Of the change feed; it is in the lease too, while this projector writes. */
  readonly feedUrl: string;
  /** Resolves when it has stopped; rejects with `ReadStoreUnusable` when it can no longer go on. */
  readonly done: Promise<void>;
  /** Ends all work on the read store, before it is opened again. Returns a function that resumes the work. */
  readonly standStill: () => Promise<() => void>;
}

/**
 * Starts keeping the read models up to date: as the one who writes, or waiting to take over from the one who does.
 * Waits for the stores while they are away. Throws `ReadStoreUnusable` when the read store does not belong to the event
 * store, `CannotListen` when the port is taken.
 */
export async function startProjector(options: ProjectorOptions): Promise<Projector> {
  const { signal, host, port = 0, stores, projections, store } = options;
  const logger = foldOutages(options.logger, 'read store');
  const tuning = { ...usual, ...options.tuning };
  const metrics = options.metrics ?? new Registry();
  const measured = createProjectorMetrics(metrics);
  const feed = new ChangeFeed();
  const term = new PausableRunner();
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
    ready: async () => readinessOf(stores(), isWriting(), failing),
  });
  const observer: Observer = {
    ...measured,
    moved: (model, position) => {
      measured.moved(model, position);
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

  async function writeWhileHeld(readStore: ReadStore, ending: AbortSignal): Promise<void> {
    held = await acquireLease(leaseOf(readStore), ending);
    if (held === undefined) return;
    const { lost, isHeld, release } = held;
    measured.writing(true);
    logger.info('writing the read models', { feed: server.feedUrl });
    const writing = {
      signal: AbortSignal.any([ending, lost]),
      logger,
      isHeld: () => isHeld() && !ending.aborted,
    };
    try {
      await untilAborted(checkReadStoreOrigin(store, readStore, projections), writing.signal);
      if (writing.signal.aborted) return;
      failing = false;
      await new WritingSession({
        ...options,
        readStore,
        prefixes: ourPrefixes,
        bounds: tuning.batch,
        retry: tuning.retry,
        dropAfterMs: tuning.dropAfterMs,
        observer,
        writing,
      }).run();
    } finally {
      measured.writing(false);
      await release();
      held = undefined;
      feed.close();
    }
  }

  async function run(readStore: ReadStore): Promise<void> {
    try {
      for (let failures = 0; !signal.aborted; ) {
        try {
          await term.run(signal, (ending) => writeWhileHeld(readStore, ending));
          failures = 0;
        } catch (error) {
          if (error instanceof ReadStoreUnusable) throw error;
          failing = true;
          logger.error('the projector failed; starting over', { error: describe(error) });
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
      { readStore: logger, eventStore: foldOutages(options.logger, 'event store') },
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
    standStill: async () => {
      const wrote = isWriting();
      const goOn = await term.end();
      // Another projector may still write to the replaced read store until its lease ends.
      if (!wrote) await pause(tuning.leaseTtlMs, signal);
      return goOn;
    },
  };
}

/** Does what needs both stores, again while one of them is away; gives up quietly when the projector is stopped. */
async function retryWhileStoresUnavailable(
  signal: AbortSignal,
  outages: { readonly readStore: Logger; readonly eventStore: Logger },
  work: () => Promise<void>,
): Promise<void> {
  for (let failures = 0; !signal.aborted; failures += 1) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof ReadStoreUnavailable || error instanceof EventStoreUnavailable)) throw error;
      const logger = error instanceof EventStoreUnavailable ? outages.eventStore : outages.readStore;
      logger.warn('a store is unavailable; waiting for it', { error: error.message });
      await pause(backoffMs(failures, { firstMs: 200, maxMs: 5_000 }), signal);
    }
  }
}

/** A projector that waits for the lease is ready too: it can take over. */
function readinessOf(
  stores: { readonly eventStore: string; readonly readStore: string },
  isWriting: boolean,
  isFailing: boolean,
): Readiness {
  if (isFailing) return readyWhenOk({ ...stores, projections: 'writing fails: the log says why' });
  if (stores.readStore !== 'ok') return readyWhenOk({ ...stores, projections: MODELS_WAIT });
  const { ready, checks } = readyWhenOk({ ...stores });
  const projections = isWriting ? 'ok' : 'another projector writes, or is about to: this one takes over';
  return { ready, checks: { ...checks, projections } };
}

const describe = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}` : String(error);
