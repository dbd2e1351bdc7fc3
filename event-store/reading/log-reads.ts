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
import { isAfter, type Position } from '../codec/recorded-event.ts';
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

type Opened = ReturnType<EventStoreDBClient['readStream']> | ReturnType<EventStoreDBClient['readAll']>;

const backoff = { firstMs: 50, maxMs: 1000 };

/**
 * Reads undecoded events. Each read throws `EventStoreUnavailable` or `EventStoreAccessDenied`, and `StreamDeleted` for a
 * stream with a tombstone.
 */
export class LogReads {
  readonly #options: ReadOptions;

  constructor(options: ReadOptions) {
    this.#options = options;
  }

  /** Yields the events of a stream from a revision (inclusive). */
  stream(stream: string, from: bigint): AsyncGenerator<StoredEvent> {
    return this.#resumable<bigint>(
      from,
      (client, next) =>
        client.readStream(stream, { fromRevision: next, direction: FORWARDS, requiresLeader: true }),
      ({ revision }) => revision + 1n,
      stream,
    );
  }

  /** Returns the last event of a stream. */
  last(stream: string): Promise<StoredEvent | undefined> {
    return this.#one(stream, { fromRevision: END, direction: BACKWARDS });
  }

  /** Returns the first event of a stream at or after a revision. */
  firstFrom(stream: string, revision: bigint): Promise<StoredEvent | undefined> {
    return this.#one(stream, { fromRevision: revision, direction: FORWARDS });
  }

  /** Returns the newest events of the log, the last one first. */
  newest(maxCount: number): Promise<StoredEvent[]> {
    return this.#few((client) => client.readAll({ fromPosition: END, direction: BACKWARDS, maxCount }));
  }

  /** Returns the last position of the log; undefined while it is empty. */
  async head(): Promise<Position | undefined> {
    return (await this.newest(1))[0]?.position;
  }

  /** Yields the whole log from a position (exclusive) to its current end, with the events of other programs and of the server. */
  async *log(after: Position | undefined): AsyncGenerator<StoredEvent> {
    const events = this.#resumable<Position | undefined>(
      after,
      (client, from) => client.readAll({ fromPosition: from ?? START, direction: FORWARDS }),
      (event, from) => event.position ?? from,
    );
    let last = after;
    for await (const event of events) {
      // A read includes the event at its start position, also when it is resumed.
      if (last !== undefined && event.position !== undefined && !isAfter(event.position, last)) continue;
      last = event.position ?? last;
      yield event;
    }
  }

  async #one(
    stream: string,
    from: Pick<ReadStreamOptions, 'fromRevision' | 'direction'>,
  ): Promise<StoredEvent | undefined> {
    const [event] = await this.#few(
      (client) => client.readStream(stream, { ...from, maxCount: 1, requiresLeader: true }),
      stream,
    );
    return event;
  }

  /** Reads a few events. Starts anew when the connection breaks. */
  async #few(open: (client: EventStoreDBClient) => Opened, stream?: string): Promise<StoredEvent[]> {
    let events: StoredEvent[] = [];
    const start = (client: EventStoreDBClient) => {
      events = [];
      return open(client);
    };
    for await (const event of this.#resumable(undefined, start, () => undefined, stream)) events.push(event);
    return events;
  }

  /** Resumes the read at the last event when the connection breaks. */
  async *#resumable<Cursor>(
    start: Cursor,
    open: (client: EventStoreDBClient, cursor: Cursor) => Opened,
    move: (event: StoredEvent, cursor: Cursor) => Cursor,
    stream?: string,
  ): AsyncGenerator<StoredEvent> {
    const { source, idleMs, patienceMs, access, signal } = this.#options;
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
        if (performance.now() - failingSince + waitMs > patienceMs)
          throw new EventStoreUnavailable('the event store cannot be read', { cause: error });
        failures += 1;
        if (failures > 1 || error instanceof Unanswered) source.renew(client);
        await pause(waitMs, signal);
      }
    }
  }
}
