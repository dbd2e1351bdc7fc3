import type { EventMetadata, Position, RecordedEvent, UnknownEvent } from './codec/recorded-event.ts';
import type { AnyEvent } from './codec/registry.ts';
import type { EventRef } from './watch/event-ref.ts';

export type ExpectedRevision = bigint | 'no_stream' | 'any';

/** An event to append, with the metadata of its command. */
export interface NewEvent<Event extends AnyEvent = AnyEvent> {
  readonly event: Event;
  readonly metadata: Omit<EventMetadata, 'schemaVersion'>;
}

export interface Appended {
  /** Ids of the events, in their order. */
  readonly ids: readonly string[];
  /** Revision of the last event appended. */
  readonly revision: bigint;
  readonly position: Position;
}

export interface SubscribeOptions {
  readonly prefixes: readonly string[];
  readonly after?: Position;
  readonly signal: AbortSignal;
}

/** An entry of a catch-up subscription: an event, or the position that the subscription has reached. */
export type SubscriptionEntry =
  | { readonly kind: 'event'; readonly recorded: RecordedEvent }
  /** An event of unknown type, which is skipped and counted. */
  | UnknownEvent
  | { readonly kind: 'checkpoint'; readonly position: Position }
  | { readonly kind: 'caught-up' };

/**
 * The port to EventStoreDB, with typed events. No other module uses its client.
 * Errors: `WrongRevision`, `AppendOutcomeUnknown`, `AppendTooLarge`, `StreamDeleted`, `EventStoreUnavailable`,
 * `InvalidEvent`, `UndecodableEvent`, `NewerEventVersion`.
 */
export interface EventStore {
  /**
   * Appends all events or none. Event ids derive from (command id, stream, index, content). An append without an answer is
   * retried with the same ids and the same expected revision.
   * Throws `WrongRevision` with the actual revision, and `AppendOutcomeUnknown` when the retries are not answered either.
   */
  append(stream: string, events: readonly NewEvent[], expected: ExpectedRevision): Promise<Appended>;

  /**
   * Yields the events of a stream in order, from a revision (inclusive); none when the stream does not exist. Skips events of
   * unknown type and passes them to `onUnknown`, in their place among the others.
   */
  read(
    stream: string,
    options?: { readonly from?: bigint; readonly onUnknown?: (unknown: UnknownEvent) => void },
  ): AsyncIterable<RecordedEvent>;

  /** Returns the last event of a stream; undefined when there is none, or when it is of unknown type. */
  readLast(stream: string): Promise<RecordedEvent | undefined>;

  /** Yields the events of streams with these prefixes in the order of the log, from a position (exclusive) to its current end. */
  readAll(options: {
    readonly prefixes: readonly string[];
    readonly after?: Position;
  }): AsyncIterable<RecordedEvent>;

  /**
   * Follows `$all` for streams with these prefixes, from a position (exclusive). Resubscribes with backoff when it is dropped.
   * Ends when `signal` aborts. Throws `NewerEventVersion` or `UndecodableEvent` at an event that it cannot read.
   */
  subscribe(options: SubscribeOptions): AsyncIterable<SubscriptionEntry>;

  /**
   * Returns the id of the event store, which is recorded at its first use. Throws `DataVersionMismatch` when the log has events
   * of another data version.
   */
  identity(): Promise<string>;

  /** Returns the last position of the log; undefined while it is empty. */
  head(): Promise<Position | undefined>;

  /** Returns whether the log has an event at its place; undefined when its stream was deleted or truncated. */
  holds(event: EventRef): Promise<boolean | undefined>;

  close(): Promise<void>;
}
