import { setMaxListeners } from 'node:events';
import type { Backoff } from '../platform/async/backoff.ts';
import { parseEventStoreUrl } from '../platform/config/event-store-url.ts';
import { limitOutageWarnings, limitWarnings } from '../platform/logging/limit-warnings.ts';
import type { StartAppendThread } from './append/append-thread.ts';
import { openAppends } from './append/open-appends.ts';
import { type EventCatalogue, registryOf } from './catalogue.ts';
import { Codec } from './codec/codec.ts';
import { AccessErrors } from './connection/access.ts';
import { ClientSource } from './connection/client-source.ts';
import { openTarget } from './connection/open-target.ts';
import type { EventStore } from './event-store.ts';
import { type Logger, silent } from './logger.ts';
import { LogReads } from './reading/log-reads.ts';
import { createTypedReads } from './reading/typed-reads.ts';
import { createSnapshots, onlyTheLast, type Snapshots } from './snapshots/snapshots.ts';
import { consumeGroup } from './subscriptions/consume-group.ts';
import { groupStatistics, replayParked } from './subscriptions/group-admin.ts';
import type { PersistentSubscriptions } from './subscriptions/persistent-subscription.ts';
import { subscribeToLog } from './subscriptions/subscribe.ts';
import { holdsEvent } from './watch/holds-event.ts';
import { storeIdentity } from './watch/identity.ts';
import { newerTypes } from './watch/known-types.ts';
import { createProbe } from './watch/probe.ts';
import { StoreWatch } from './watch/store-watch.ts';

export interface ConnectOptions {
  /** `esdb://host:port?tls=false` for one node, `esdb+discover://…` for a cluster. */
  readonly url: string;
  /** The events and streams of the program. */
  readonly catalogue: EventCatalogue;
  readonly logger?: Logger;
  /** Starts the thread that makes the appends. Default: the calling thread makes them. */
  readonly appendThread?: StartAppendThread;
  /** Milliseconds until an attempt to append counts as unanswered. Default: 5 s. */
  readonly answerWithinMs?: number;
  /** Milliseconds for which appends and reads are retried until the store counts as unavailable. Default: 10 s. */
  readonly patienceMs?: number;
  /** Backoff between two subscriptions. Default: 50 ms to 1 s. */
  readonly subscribeBackoff?: Backoff;
}

export interface EventStoreConnection extends EventStore, PersistentSubscriptions {
  readonly snapshots: Snapshots;
  /** Watches whether the event store answers and is unchanged. Callers that read it must start it. */
  readonly watch: StoreWatch;
  /**
   * Records the event types of this program. Returns the types that only a newer version of the program has recorded: the
   * log may hold such events, which this version skips.
   */
  readonly newerTypes: () => Promise<readonly string[]>;
  /** Loads the code for appends, so that the first append need not wait for it. Rejects when it cannot be loaded. */
  readonly warmUp: () => Promise<void>;
}

/** Milliseconds after which an unanswered call to a node of a cluster is retried at another node. */
const NEXT_NODE_AFTER_MS = 2000;

/** Short limits for the small reads behind health; the next check retries a failed read. */
const PROBE_LIMITS = { idleMs: 2_000, patienceMs: 1_500 } as const;

/** Creates a connection to EventStoreDB, which connects at first use. Throws `RangeError` for a bad url. */
export function connectEventStore(options: ConnectOptions): EventStoreConnection {
  const { url, catalogue, logger = silent, answerWithinMs = 5000, patienceMs = 10_000 } = options;
  const target = openTarget(url);
  const address = parseEventStoreUrl(url);
  // In a cluster another node may answer; a single server has no alternative.
  const silentMs = address.isCluster ? Math.min(answerWithinMs, NEXT_NODE_AFTER_MS) : answerWithinMs;
  const access = new AccessErrors(address, logger);
  const outages = limitOutageWarnings(logger, 'event store');
  const registry = registryOf(catalogue);
  const codec = new Codec(registry);
  const isOwn = (stream: string) => catalogue.prefixes.some((prefix) => stream.startsWith(prefix));
  const closing = new AbortController();
  const { signal } = closing;
  setMaxListeners(0, signal);

  const sources = {
    reading: new ClientSource(target),
    groups: new ClientSource(target),
    administration: new ClientSource(target),
    probing: new ClientSource(target),
  };
  target.onMove((node) => {
    for (const source of Object.values(sources)) void source.leaveUnlessAt(node);
  });
  const admin = { source: sources.administration, answerWithinMs: silentMs };

  const reads = new LogReads({ source: sources.reading, idleMs: silentMs, patienceMs, access, signal });
  const typedReads = createTypedReads(codec, limitWarnings(logger), reads);
  const appends = openAppends({
    url,
    appendThread: options.appendThread,
    limits: { answerWithinMs, silentMs },
    patienceMs,
    reads,
    access,
    logger,
    outages,
    signal,
  });
  const watch = new StoreWatch(
    createProbe({ source: sources.probing, ...PROBE_LIMITS, access, isOwn, signal }),
    outages,
    {},
    appends.trouble,
  );

  const appendUnchecked: EventStore['append'] = async (stream, events, expected) => {
    const appended = await appends.append(stream, codec.encode(stream, events), expected);
    const { ids, revision, position } = appended;
    const id = ids.at(-1);
    if (id !== undefined && isOwn(stream)) watch.saw({ stream, revision, id, position });
    return appended;
  };
  const identity = rememberOnSuccess(() =>
    storeIdentity({ ...typedReads, append: appendUnchecked }, catalogue.dataVersion),
  );
  const append: EventStore['append'] = async (stream, events, expected) => {
    await identity();
    return appendUnchecked(stream, events, expected);
  };
  const keepLast = async (stream: string) => {
    await appends.append(`$$${stream}`, [onlyTheLast(stream)], 'any');
  };

  const backoff = options.subscribeBackoff ?? { firstMs: 50, maxMs: 1000 };
  const subscriptions = { codec, backoff, confirmMs: silentMs, access, logger: outages, watch, identity };
  /** Makes a subscription end when the connection closes, too. */
  const untilClosed = <Options extends { readonly signal: AbortSignal }>(subscription: Options): Options => {
    const either = AbortSignal.any([subscription.signal, signal]);
    setMaxListeners(0, either);
    return { ...subscription, signal: either };
  };

  return {
    append,
    warmUp: appends.warmUp,
    ...typedReads,
    snapshots: createSnapshots({ append, readLast: typedReads.readLast }, keepLast),
    subscribe: (what) => subscribeToLog(untilClosed(what), { ...subscriptions, source: sources.reading }),
    consumeGroup: (what) => consumeGroup(untilClosed(what), { ...subscriptions, source: sources.groups }),
    identity,
    head: () => reads.head(),
    holds: (event) => holdsEvent(reads, event),
    watch,
    newerTypes: () => newerTypes({ append, read: typedReads.read }, registry),
    groupStatistics: (group) => groupStatistics(admin, group),
    replayParked: (group) => replayParked(admin, group),
    close: async () => {
      closing.abort();
      await watch.close();
      target.close();
      for (const source of Object.values(sources)) source.close();
      await appends.close();
    },
  };
}

/** Returns a function that calls `get` until it has succeeded, once at a time, and then returns that result. */
function rememberOnSuccess<Result>(get: () => Promise<Result>): () => Promise<Result> {
  let result: Promise<Result> | undefined;
  return () => {
    result ??= get().catch((error) => {
      result = undefined;
      throw error;
    });
    return result;
  };
}
