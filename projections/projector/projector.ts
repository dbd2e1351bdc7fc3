import { randomUUID } from 'node:crypto';
import { Registry } from 'prom-client';
import { backoffMs, pause } from '../../event-store/backoff.ts';
import { EventStoreAway } from '../../event-store/errors.ts';
import type { EventStore } from '../../event-store/event-store.ts';
import type { Logger } from '../../event-store/logger.ts';
import { ourPrefixes } from '../../event-store/streams.ts';
import type { AccessLog } from '../../platform/access-log.ts';
import type { Readiness } from '../../platform/http/health.ts';
import { ReadStoreAway, ReadStoreUnusable } from '../../read-store/errors.ts';
import type { ReadStore } from '../../read-store/read-store.ts';
import { ChangeFeed } from '../feed/change-feed.ts';
import { type FeedServer, startFeedServer } from '../feed/feed-server.ts';
import type { AnyProjection } from '../registry.ts';
import type { BatchBounds } from './batches.ts';
import { checkBelonging } from './belonging.ts';
import { acquireLease, type HeldLease } from './lease.ts';
import type { Observer } from './observer.ts';
import { projectorMetrics } from './projector-metrics.ts';
import { Session } from './session.ts';
import { unlessAborted } from './unless-aborted.ts';

export interface ProjectorOptions {
  readonly store: EventStore;
  readonly readStore: ReadStore;
  readonly projections: readonly AnyProjection[];
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
  leaseTtlMs: 4_000,
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
}

/**
 * Starts keeping the read models up to date: as the one who writes, or waiting to take over from the one who does.
 * Waits for the stores while they are away. Throws `ReadStoreUnusable` when the read store does not belong to the event
 * store, `CannotListen` when the port is taken.
 */
export async function startProjector(options: ProjectorOptions): Promise<Projector> {
  const { signal, logger, readStore, host, port = 0 } = options;
  const tuning = { ...usual, ...options.tuning };
  const metrics = options.metrics ?? new Registry();
  const measured = projectorMetrics(metrics);
  const feed = new ChangeFeed();
  let held: HeldLease | undefined;

  const server = await startFeedServer({
    feed,
    host,
    port,
    metrics,
    logger,
    accessLog: options.accessLog,
    isWriting: () => held?.isHeld() ?? false,
    ready: () => readinessOf(options, () => held?.isHeld() ?? false),
  });
  const observer: Observer = {
    ...measured,
    moved: (model, position) => {
      measured.moved(model, position);
      feed.publish(model, position.commit);
    },
  };
  const lease = { readStore, owner: randomUUID(), url: server.feedUrl, ttlMs: tuning.leaseTtlMs, logger };

  async function writeWhileHeld(): Promise<void> {
    held = await acquireLease(lease, signal);
    if (held === undefined) return;
    const { lost, isHeld, release } = held;
    measured.writing(true);
    logger.info('writing the read models', { feed: server.feedUrl });
    const writing = { signal: AbortSignal.any([signal, lost]), logger, isHeld };
    try {
      await unlessAborted(checkBelonging(options.store, readStore, options.projections), writing.signal);
      if (writing.signal.aborted) return;
      await new Session({
        ...options,
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

  try {
    await whileAway(options, () => checkBelonging(options.store, readStore, options.projections));
  } catch (error) {
    await server.close();
    throw error;
  }
  return { port: server.port, feedUrl: server.feedUrl, done: run(options, server, writeWhileHeld) };
}

async function run(
  { signal, logger }: ProjectorOptions,
  server: FeedServer,
  writeWhileHeld: () => Promise<void>,
): Promise<void> {
  try {
    for (let failures = 0; !signal.aborted; ) {
      try {
        await writeWhileHeld();
        failures = 0;
      } catch (error) {
        if (error instanceof ReadStoreUnusable) throw error;
        logger.error('the projector failed; starting over', { error: describe(error) });
        await pause(backoffMs(failures++, { firstMs: 200, maxMs: 10_000 }), signal);
      }
    }
  } finally {
    await server.close();
  }
}

/** Does what needs both stores, again while one of them is away; gives up quietly when the projector is stopped. */
async function whileAway({ signal, logger }: ProjectorOptions, work: () => Promise<void>): Promise<void> {
  for (let failures = 0; !signal.aborted; failures += 1) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof ReadStoreAway || error instanceof EventStoreAway)) throw error;
      logger.warn('a store is away; waiting for it', { error: error.message });
      await pause(backoffMs(failures, { firstMs: 200, maxMs: 5_000 }), signal);
    }
  }
}

/** Who waits for the lease is as ready as who holds it: ready to take over. */
async function readinessOf(
  { store, readStore }: ProjectorOptions,
  isWriting: () => boolean,
): Promise<Readiness> {
  const [events, documents] = await Promise.all([answers(store.head()), answers(readStore.ping())]);
  return {
    ready: events === 'ok' && documents === 'ok',
    checks: { eventStore: events, readStore: documents, projector: isWriting() ? 'writing' : 'waiting' },
  };
}

const answers = (asked: Promise<unknown>): Promise<string> => asked.then(() => 'ok', describe);

const describe = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}` : String(error);
