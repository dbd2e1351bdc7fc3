import { setMaxListeners } from 'node:events';
import type { Backoff } from '../platform/async/backoff.ts';
import { parseEventStoreUrl } from '../platform/config/event-store-url.ts';
import { limitOutageWarnings, limitWarnings } from '../platform/logging/limit-warnings.ts';
import { appendWithRetries } from './append/append.ts';
import { AppendThread, type StartAppendThread } from './append/append-thread.ts';
import { type AttemptAppend, type AttemptLimits, attemptThrough } from './append/attempt.ts';
import { type EventCatalogue, registryOf } from './catalogue.ts';
import { createCodec } from './codec/codec.ts';
import { AccessErrors } from './connection/access.ts';
import { openAppendClients } from './connection/append-clients.ts';
import { ClientSource } from './connection/client-source.ts';
import { openTarget } from './connection/open-target.ts';
import { EventStoreUnavailable } from './errors.ts';
import type { EventStore } from './event-store.ts';
import { type Logger, silent } from './logger.ts';
import { type ReadOptions, readHead, readLastOf, readStream, readWholeLog } from './reading/read.ts';
import { createTypedReads } from './reading/typed-reads.ts';
import { createSnapshots, onlyTheLast, type Snapshots } from './snapshots/snapshots.ts';
import { consumeGroup } from './subscriptions/consume-group.ts';
import { groupStatistics, replayParked } from './subscriptions/group-admin.ts';
import type { PersistentSubscriptions } from './subscriptions/persistent-subscription.ts';
import { subscribeToLog } from './subscriptions/subscribe.ts';
import { holdsEvent } from './watch/holds-event.ts';
import { storeIdentity } from './watch/identity.ts';
import { newerTypes } from './watch/known-types.ts';
import { createProbe, refReads } from './watch/probe.ts';
import { StoreWatch } from './watch/store-watch.ts';
import { WriteHealth } from './watch/write-health.ts';

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
  /** Backoff between two attempts to append. Default: 20 ms to 1 s. */
  readonly appendBackoff?: Backoff;
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

/** Creates a connection to EventStoreDB, which connects at first use. Throws `RangeError` for a bad url. */
export function connectEventStore(options: ConnectOptions): EventStoreConnection {
  const { url, catalogue, logger = silent, answerWithinMs = 5000, patienceMs = 10_000 } = options;
  const target = openTarget(url);
  const address = parseEventStoreUrl(url);
  // In a cluster another node may answer; a single server has no alternative.
  const silentMs = Math.min(
    answerWithinMs,
    address.isCluster ? NEXT_NODE_AFTER_MS : Number.POSITIVE_INFINITY,
  );
  const access = new AccessErrors(address, logger);
  /** One warning per outage: every read and append fails for the same reason. */
  const outages = limitOutageWarnings(logger, 'event store');
  const appendBackoff = options.appendBackoff ?? { firstMs: 20, maxMs: 1000 };
  const backoff = options.subscribeBackoff ?? { firstMs: 50, maxMs: 1000 };
  const registry = registryOf(catalogue);
  const codec = createCodec(registry);
  const closing = new AbortController();
  setMaxListeners(0, closing.signal);

  const appends = openAppends(options, { answerWithinMs, silentMs });
  const sources = {
    reading: new ClientSource(target),
    groups: new ClientSource(target),
    administration: new ClientSource(target),
    probing: new ClientSource(target),
  };
  const { reading, groups } = sources;
  target.onMove((node) => {
    for (const source of Object.values(sources)) void source.leaveUnlessAt(node);
  });
  const admin = { source: sources.administration, answerWithinMs: silentMs };
  const readOptions: ReadOptions = {
    source: reading,
    idleMs: silentMs,
    patienceMs,
    access,
    signal: closing.signal,
  };
  const reads = createTypedReads(codec, limitWarnings(logger), {
    stream: (stream, from) => readStream(stream, from, readOptions),
    last: (stream) => readLastOf(stream, readOptions),
    log: (after) => readWholeLog(after, readOptions),
  });
  const writeHealth = new WriteHealth(appends.attempt, logger, closing.signal);
  const appendOptions = {
    attempt: appends.attempt,
    writeHealth,
    positionOf: async (stream: string, revision: bigint) => {
      for await (const { position } of readStream(stream, revision, readOptions)) {
        if (position !== undefined) return position;
      }
      const head = await readHead(readOptions);
      if (head === undefined)
        throw new EventStoreUnavailable('the event store does not show what it has written');
      return head;
    },
    patienceMs,
    backoff: appendBackoff,
    access,
    logger: outages,
    signal: closing.signal,
  };
  /** Returns a signal that aborts with the caller's signal or when the connection closes. */
  const untilClosed = (signal: AbortSignal) => {
    const either = AbortSignal.any([signal, closing.signal]);
    setMaxListeners(0, either);
    return either;
  };

  const isOwn = (stream: string) => catalogue.prefixes.some((prefix) => stream.startsWith(prefix));
  const probeParts = { access, isOwn, signal: closing.signal };
  const watch = new StoreWatch(
    createProbe({ source: sources.probing, ...probeTiming, ...probeParts }),
    outages,
    {},
    () => writeHealth.trouble,
  );

  const appendUnchecked: EventStore['append'] = async (stream, events, expected) => {
    const appended = await appendWithRetries(stream, codec.encode(stream, events), expected, appendOptions);
    const { ids, revision, position } = appended;
    const id = ids.at(-1);
    if (id !== undefined && isOwn(stream)) watch.saw({ stream, revision, id, position });
    return appended;
  };
  const identity = rememberOnSuccess(() =>
    storeIdentity({ ...reads, append: appendUnchecked }, catalogue.dataVersion),
  );
  const append: EventStore['append'] = async (stream, events, expected) => {
    await identity();
    return appendUnchecked(stream, events, expected);
  };
  const keepLast = async (stream: string) => {
    await appendWithRetries(`$$${stream}`, [onlyTheLast(stream)], 'any', appendOptions);
  };

  return {
    append,
    warmUp: () => appends.warmUp(),
    ...reads,
    snapshots: createSnapshots({ append, readLast: reads.readLast }, keepLast),
    subscribe: ({ signal, ...what }) =>
      subscribeToLog(
        { ...what, signal: untilClosed(signal) },
        { source: reading, codec, backoff, confirmMs: silentMs, access, logger: outages, watch, identity },
      ),
    identity,
    head: () => readHead(readOptions),
    holds: (event) => holdsEvent(refReads(readOptions), event),
    watch,
    newerTypes: () => newerTypes({ append, read: reads.read }, registry),
    consumeGroup: ({ signal, ...what }) =>
      consumeGroup(
        { ...what, signal: untilClosed(signal) },
        { source: groups, codec, backoff, confirmMs: silentMs, access, logger, outages, watch, identity },
      ),
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

/** Short limits for the small reads behind health; the next check retries a failed read. */
const probeTiming = { idleMs: 2_000, patienceMs: 1_500 } as const;

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

interface Appends {
  readonly attempt: AttemptAppend;
  warmUp(): Promise<void>;
  close(): Promise<void>;
}

function openAppends({ url, appendThread }: ConnectOptions, limits: AttemptLimits): Appends {
  if (appendThread !== undefined) return new AppendThread(() => appendThread({ url, ...limits }));
  const clients = openAppendClients(url);
  return {
    attempt: attemptThrough(clients, limits),
    warmUp: async () => {},
    close: async () => clients.release(),
  };
}
