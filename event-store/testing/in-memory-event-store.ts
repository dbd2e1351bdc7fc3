import { setTimeout as delay } from 'node:timers/promises';
import { type EventCatalogue, registryOf } from '../catalogue.ts';
import { Codec, type EncodedEvent, type StoredEvent } from '../codec/codec.ts';
import { maxAppendBytes } from '../codec/event-size.ts';
import type { Position } from '../codec/recorded-event.ts';
import { AppendOutcomeUnknown, AppendTooLarge, EventStoreUnavailable, WrongRevision } from '../errors.ts';
import type { Appended, EventStore, ExpectedRevision, SubscriptionEntry } from '../event-store.ts';
import { silent } from '../logger.ts';
import { createTypedReads } from '../reading/typed-reads.ts';
import { createSnapshots, type Snapshots } from '../snapshots/snapshots.ts';
import { holdsEvent } from '../watch/holds-event.ts';
import { storeIdentity } from '../watch/identity.ts';

/** Faults of an append. */
export type AppendFault =
  /** It is written, but not answered. */
  | 'answer-lost'
  /** It is neither written nor answered. */
  | 'request-lost'
  /** It is not sent. */
  | 'unavailable';

/** An event store in memory, with the real codec and with faults on demand. */
export interface InMemoryEventStore extends EventStore {
  /** The next append (to this stream, or to any) fails in this way. */
  readonly failNextAppend: (fault: AppendFault, stream?: string) => void;
  /** Called before an append is written, to act as another process. */
  beforeAppend: ((stream: string) => void | Promise<void>) | undefined;
  /** Appends without the codec, like a newer program or the web UI. */
  readonly appendRaw: (stream: string, event: RawEvent) => void;
  /** Deletes a stream and removes its events, as an operator and a scavenge would: only its metadata stays. */
  readonly scavenge: (stream: string) => void;
  readonly calls: { appends: number; reads: number };
  /** All are kept; only the last is loaded. */
  readonly snapshots: Snapshots;
  /** A second connection to the same log, with counts and faults of its own: another process. */
  readonly connectAgain: () => InMemoryEventStore;
}

export interface RawEvent {
  readonly type: string;
  readonly data: unknown;
  readonly metadata?: unknown;
  readonly isJson?: boolean;
}

interface Log {
  readonly all: StoredEvent[];
  readonly streams: Map<string, StoredEvent[]>;
  readonly listeners: Set<() => void>;
}

export interface InMemoryOptions {
  readonly catalogue: EventCatalogue;
  /** How long an append takes, in ms; none when absent. */
  readonly appendMs?: number;
}

export const createInMemoryEventStore = (options: InMemoryOptions): InMemoryEventStore =>
  connectTo({ all: [], streams: new Map(), listeners: new Set() }, options);

function connectTo(log: Log, options: InMemoryOptions): InMemoryEventStore {
  const codec = new Codec(registryOf(options.catalogue));
  const calls = { appends: 0, reads: 0 };
  const faults: { readonly fault: AppendFault; readonly stream: string | undefined }[] = [];
  const closing = new AbortController();
  const last = async (stream: string) => log.streams.get(stream)?.at(-1);
  const reads = createTypedReads(codec, silent, {
    stream: async function* (stream, from) {
      calls.reads += 1;
      await Promise.resolve();
      yield* (log.streams.get(stream) ?? []).filter(({ revision }) => revision >= from);
    },
    last,
    log: async function* (after) {
      yield* log.all.filter(({ position }) => isAfter(position, after));
    },
  });

  // Appends and reads of snapshots are not counted, and have no faults.
  const snapshots = createSnapshots(
    {
      append: async (stream, events, expected) => {
        const encoded = codec.encode(stream, events);
        return answerOf(encoded, appendTo(log, stream, encoded, expected));
      },
      readLast: reads.readLast,
    },
    async () => {},
  );

  const store: InMemoryEventStore = {
    ...reads,
    calls,
    snapshots,
    beforeAppend: undefined,
    failNextAppend: (fault, stream) => void faults.push({ fault, stream }),
    appendRaw: (stream, { type, data, metadata, isJson = true }) =>
      write(log, stream, [{ id: crypto.randomUUID(), type, data, metadata, isJson }]),
    connectAgain: () => connectTo(log, options),
    scavenge: (stream) => {
      write(log, `$$${stream}`, [{ id: crypto.randomUUID(), type: '$metadata', data: { $tb: 1e15 } }]);
      log.streams.delete(stream);
      for (const [index, { streamId }] of [...log.all.entries()].reverse())
        if (streamId === stream) log.all.splice(index, 1);
    },

    append: async (stream, events, expected) => {
      const encoded = codec.encode(stream, events);
      const bytes = encoded.reduce((total, event) => total + event.bytes, 0);
      if (bytes > maxAppendBytes) throw new AppendTooLarge(stream, bytes, maxAppendBytes);
      calls.appends += 1;
      const index = faults.findIndex((planned) => planned.stream === undefined || planned.stream === stream);
      const fault = index === -1 ? undefined : faults.splice(index, 1)[0]?.fault;
      if (fault === 'unavailable') throw new EventStoreUnavailable('planned');
      await store.beforeAppend?.(stream);
      if (options.appendMs !== undefined) await delay(options.appendMs);
      if (fault === 'request-lost') throw new AppendOutcomeUnknown(stream, 'planned');
      const last = appendTo(log, stream, encoded, expected);
      if (fault === 'answer-lost') throw new AppendOutcomeUnknown(stream, 'planned');
      return answerOf(encoded, last);
    },

    subscribe: async function* ({ prefixes, after, signal }): AsyncGenerator<SubscriptionEntry> {
      const stop = AbortSignal.any([signal, closing.signal]);
      let next = log.all.findIndex(({ position }) => isAfter(position, after));
      if (next === -1) next = log.all.length;
      let isCaughtUp = false;
      let skipped = 0;
      while (!stop.aborted) {
        const stored = log.all[next];
        if (stored !== undefined) {
          next += 1;
          if (!prefixes.some((prefix) => stored.streamId.startsWith(prefix))) {
            skipped += 1;
            if (skipped % checkpointEvery === 0) {
              yield { kind: 'checkpoint', position: stored.position ?? nowhere };
            }
            continue;
          }
          const decoded = codec.decode(stored);
          yield decoded;
        } else if (!isCaughtUp) {
          isCaughtUp = true;
          yield { kind: 'caught-up' };
        } else {
          await untilMore(log, stop);
        }
      }
    },
    identity: () => storeIdentity(store, options.catalogue.dataVersion),
    head: async () => log.all.at(-1)?.position,
    holds: (event) =>
      holdsEvent(
        {
          firstFrom: async (stream, revision) =>
            log.streams.get(stream)?.find((one) => one.revision >= revision),
          last,
        },
        event,
      ),
    close: async () => closing.abort(),
  };
  return store;
}

/** Number of events of other streams after which a subscription yields a checkpoint. */
const checkpointEvery = 32;
const nowhere: Position = { commit: 0n, prepare: 0n };

const answerOf = (events: readonly EncodedEvent[], { revision, position }: StoredEvent): Appended => ({
  ids: events.map(({ id }) => id),
  revision,
  position: position ?? nowhere,
});

const isAfter = (position: Position | undefined, after: Position | undefined): boolean =>
  after === undefined || (position ?? nowhere).commit > after.commit;

/** Appends like the real server: exact revisions and `no_stream` recognise the same ids at the same place; `any` looks for them. */
function appendTo(
  log: Log,
  stream: string,
  events: readonly EncodedEvent[],
  expected: ExpectedRevision,
): StoredEvent {
  const existing = log.streams.get(stream) ?? [];
  const head = existing.length - 1;
  const place =
    expected === 'no_stream'
      ? 0
      : expected === 'any'
        ? existing.findIndex(({ id }) => id === events[0]?.id)
        : Number(expected) + 1;
  const there = place === -1 ? [] : existing.slice(place, place + events.length);
  const same = there.length === events.length && there.every(({ id }, index) => id === events[index]?.id);
  const last = there.at(-1);
  if (same && last !== undefined) return last;
  if (expected !== 'any' && place !== head + 1) {
    throw new WrongRevision(stream, expected, head === -1 ? undefined : BigInt(head));
  }
  return write(
    log,
    stream,
    events.map(({ data, metadata, ...event }) => ({
      ...event,
      data: JSON.parse(data),
      metadata: JSON.parse(metadata),
      isJson: true,
    })),
  );
}

function write(
  log: Log,
  stream: string,
  events: readonly (RawEvent & { readonly id: string })[],
): StoredEvent {
  const existing = log.streams.get(stream) ?? [];
  log.streams.set(stream, existing);
  let written: StoredEvent | undefined;
  for (const { id, type, data, metadata, isJson = true } of events) {
    // Positions have gaps, as in the real log.
    const before = log.all.at(-1)?.position?.commit;
    const place = before === undefined ? 7n : before + 100n;
    written = {
      id,
      type,
      streamId: stream,
      revision: BigInt(existing.length),
      position: { commit: place, prepare: place },
      created: new Date(),
      isJson,
      data: data === undefined ? undefined : structuredClone(data),
      metadata,
    };
    existing.push(written);
    log.all.push(written);
  }
  if (written === undefined) throw new RangeError('an append without events');
  for (const listener of [...log.listeners]) listener();
  return written;
}

async function untilMore(log: Log, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const done = () => {
      log.listeners.delete(done);
      signal.removeEventListener('abort', done);
      resolve();
    };
    log.listeners.add(done);
    signal.addEventListener('abort', done);
  });
}
