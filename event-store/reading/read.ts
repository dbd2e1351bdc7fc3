import { BACKWARDS, END, type EventStoreDBClient, FORWARDS, START } from '@eventstore/db-client';
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
export async function readLastOf(stream: string, options: ReadOptions): Promise<StoredEvent | undefined> {
  const last = resumable<undefined>(
    options,
    undefined,
    (client) =>
      client.readStream(stream, {
        fromRevision: END,
        direction: BACKWARDS,
        maxCount: 1,
        requiresLeader: true,
      }),
    () => undefined,
    stream,
  );
  for await (const event of last) return event;
  return undefined;
}

/** Returns the first event of a stream at or after a revision, undecoded. */
export async function readOneOf(
  stream: string,
  from: bigint,
  options: ReadOptions,
): Promise<StoredEvent | undefined> {
  const one = resumable<undefined>(
    options,
    undefined,
    (client) =>
      client.readStream(stream, {
        fromRevision: from,
        direction: FORWARDS,
        maxCount: 1,
        requiresLeader: true,
      }),
    () => undefined,
    stream,
  );
  for await (const event of one) return event;
  return undefined;
}

/** Returns the newest events of the log, undecoded, the last one first. */
export async function readNewest(maxCount: number, options: ReadOptions): Promise<StoredEvent[]> {
  const newest = resumable<undefined>(
    options,
    undefined,
    (client) => client.readAll({ fromPosition: END, direction: BACKWARDS, maxCount }),
    () => undefined,
  );
  const events: StoredEvent[] = [];
  for await (const event of newest) events.push(event);
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

/** Returns the last position of the log; undefined while it is empty. */
export async function readHead(options: ReadOptions): Promise<Position | undefined> {
  const newest = resumable<undefined>(
    options,
    undefined,
    (client) => client.readAll({ fromPosition: END, direction: BACKWARDS, maxCount: 1 }),
    () => undefined,
  );
  for await (const { position } of newest) return position;
  return undefined;
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
