import {
  BACKWARDS,
  END,
  type EventStoreDBClient,
  FORWARDS,
  type ReadStreamOptions,
  START,
} from '@eventstore/db-client';
import { backoffMs, pause } from '../../platform/async/backoff.ts';
import type { StoredEvent } from '../codec/codec.ts';
import type { Position } from '../codec/recorded-event.ts';
import type { AccessErrors } from '../connection/access.ts';
import type { ClientSource } from '../connection/client-source.ts';
import { isGoneStream, isMissingStream, Unanswered } from '../connection/failures.ts';
import { EventStoreUnavailable, StreamDeleted } from '../errors.ts';
import { itemsOf } from '../subscriptions/guarded-stream.ts';

export interface ReadOptions {
  readonly source: ClientSource;
  /** Milliseconds without an event until a read counts as dead. The client gives reads no deadline. */
  readonly idleMs: number;
  /** Milliseconds for which a broken read is resumed until the store counts as unavailable. */
  readonly patienceMs: number;
  /** Explains a failed read. */
  readonly access: Pick<AccessErrors, 'causeOf'>;
  readonly signal: AbortSignal;
}

const backoff = { firstMs: 50, maxMs: 1000 };

/** Yields the events of a stream from a revision (inclusive), undecoded. Throws `EventStoreUnavailable`, `EventStoreAccessDenied` or `StreamDeleted`. */
export function readStream(stream: string, from: bigint, options: ReadOptions): AsyncGenerator<StoredEvent> {
  return resumable<bigint>(
    options,
    from,
    (client, next) =>
      client.readStream(stream, { fromRevision: next, direction: FORWARDS, requiresLeader: true }),
    ({ revision }) => revision + 1n,
    stream,
  );
}

/** Returns the last event of a stream, undecoded. */
export const readLastOf = (stream: string, options: ReadOptions): Promise<StoredEvent | undefined> =>
  readOne(stream, { fromRevision: END, direction: BACKWARDS }, options);

/** Returns the first event of a stream at or after a revision, undecoded. */
export const readOneOf = (
  stream: string,
  from: bigint,
  options: ReadOptions,
): Promise<StoredEvent | undefined> => readOne(stream, { fromRevision: from, direction: FORWARDS }, options);

async function readOne(
  stream: string,
  from: Pick<ReadStreamOptions, 'fromRevision' | 'direction'>,
  options: ReadOptions,
): Promise<StoredEvent | undefined> {
  const [event] = await readBounded(
    options,
    (client) => client.readStream(stream, { ...from, maxCount: 1, requiresLeader: true }),
    stream,
  );
  return event;
}

/** Returns the newest events of the log, undecoded, the last one first. */
export const readNewest = (maxCount: number, options: ReadOptions): Promise<StoredEvent[]> =>
  readBounded(options, (client) => client.readAll({ fromPosition: END, direction: BACKWARDS, maxCount }));

/** Returns the last position of the log; undefined while it is empty. */
export async function readHead(options: ReadOptions): Promise<Position | undefined> {
  const [newest] = await readNewest(1, options);
  return newest?.position;
}

/** Reads a few events. Starts anew when the connection breaks. */
async function readBounded(
  options: ReadOptions,
  open: (client: EventStoreDBClient) => Opened,
  stream?: string,
): Promise<StoredEvent[]> {
  let events: StoredEvent[] = [];
  const read = resumable(
    options,
    undefined,
    (client) => {
      events = [];
      return open(client);
    },
    () => undefined,
    stream,
  );
  for await (const event of read) events.push(event);
  return events;
}

/** Yields the whole log from a position (exclusive) to its current end, with the events of other programs and of the server. */
export async function* readWholeLog(
  after: Position | undefined,
  options: ReadOptions,
): AsyncGenerator<StoredEvent> {
  const events = resumable<Position | undefined>(
    options,
    after,
    (client, from) => client.readAll({ fromPosition: from ?? START, direction: FORWARDS }),
    (event, from) => event.position ?? from,
  );
  let last = after;
  for await (const event of events) {
    // A read includes the event at its start position, also when it is resumed.
    if (last !== undefined && event.position !== undefined && !isBeyond(event.position, last)) continue;
    last = event.position ?? last;
    yield event;
  }
}

const isBeyond = (a: Position, b: Position): boolean =>
  a.commit > b.commit || (a.commit === b.commit && a.prepare > b.prepare);

type Opened = ReturnType<EventStoreDBClient['readStream']> | ReturnType<EventStoreDBClient['readAll']>;

/** Resumes the read at the last event when the connection breaks. */
async function* resumable<Cursor>(
  { source, idleMs, patienceMs, access, signal }: ReadOptions,
  start: Cursor,
  open: (client: EventStoreDBClient, cursor: Cursor) => Opened,
  move: (event: StoredEvent, cursor: Cursor) => Cursor,
  stream?: string,
): AsyncGenerator<StoredEvent> {
  let cursor = start;
  let failures = 0;
  let failingSince = performance.now();
  for (;;) {
    if (signal.aborted) throw new EventStoreUnavailable('the connection to the event store is closed');
    let client: EventStoreDBClient | undefined;
    try {
      client = source.current();
      const replaced = source.replacedSignal(client);
      for await (const { event } of itemsOf(open(client, cursor), { idleMs, signal, replaced })) {
        if (event === undefined) continue;
        failures = 0;
        yield event;
        cursor = move(event, cursor);
      }
      // The streams of a replaced client end without an error, as at the end of a read.
      if (!signal.aborted && source.isCurrent(client)) return;
    } catch (error) {
      if (isMissingStream(error)) return;
      if (isGoneStream(error)) throw new StreamDeleted(stream ?? '$all');
      if (failures === 0) failingSince = performance.now();
      const denied = await access.causeOf(error);
      if (denied !== undefined) throw denied;
      const waitMs = backoffMs(failures, backoff);
      if (performance.now() - failingSince + waitMs > patienceMs) {
        throw new EventStoreUnavailable('the event store cannot be read', { cause: error });
      }
      failures += 1;
      if (failures > 1 || error instanceof Unanswered) source.renew(client);
      await pause(waitMs, signal);
    }
  }
}
