import type { EventMetadata, Position, RecordedEvent } from './codec/recorded-event.ts';
import type { AnyEvent } from './codec/registry.ts';
import type { EventRef } from './watch/event-ref.ts';

export type ExpectedRevision = bigint | 'no_stream' | 'any';

/** An event about to be appended, with the metadata of the command that led to it. */
export interface NewEvent<Event extends AnyEvent = AnyEvent> {
  readonly event: Event;
  readonly metadata: Omit<EventMetadata, 'schemaVersion'>;
}

export interface Appended {
  /** Of the events, in their order. */
  readonly ids: readonly string[];
  /** Revision of the last event appended. */
  readonly revision: bigint;
  readonly position: Position;
}

/** Where an event of a type that nobody here knows stands. */
export interface UnknownEvent {
  readonly type: string;
  readonly stream: string;
  readonly revision: bigint;
  readonly position: Position;
}

/** An entry of a catch-up subscription: an event of ours, or word of how far the log was looked at. */
export type SubscriptionEntry =
  | { readonly kind: 'event'; readonly recorded: RecordedEvent }
  /** An event of a type that nobody here knows: skipped, counted, and its position passed on. */
  | { readonly kind: 'unknown'; readonly type: string; readonly stream: string; readonly position: Position }
  | { readonly kind: 'checkpoint'; readonly position: Position }
  | { readonly kind: 'caught-up' };

/**
 * The streams, typed. Everything else of the system sees EventStoreDB through this port.
 * Errors: `WrongRevision`, `AppendOutcomeUnknown`, `AppendTooLarge`, `StreamDeleted`, `EventStoreUnavailable`,
 * `InvalidEvent`, `UndecodableEvent`, `NewerEventVersion`.
 */
export interface EventStore {
  /**
   * Appends all events or none. Event ids derive from (command id, stream, index, content), and an append whose answer
   * was lost is retried with the same ids and the same expected revision.
   * Throws `WrongRevision` (carrying the actual one) or, when even the retries are unanswered, `AppendOutcomeUnknown`.
   */
  append(stream: string, events: readonly NewEvent[], expected: ExpectedRevision): Promise<Appended>;

  /**
   * A stream's events in order, from a revision (inclusive); nothing when the stream does not exist. Events of unknown type
   * are skipped and told to `onUnknown`, in their place among the others.
   */
  read(
    stream: string,
    options?: { readonly from?: bigint; readonly onUnknown?: (unknown: UnknownEvent) => void },
  ): AsyncIterable<RecordedEvent>;

  /** The last event of a stream, if there is one; undefined also when it is of unknown type. */
  readLast(stream: string): Promise<RecordedEvent | undefined>;

  /** All events of streams with these prefixes in order of the log, to its present end, from a position (exclusive). */
  readAll(options: {
    readonly prefixes: readonly string[];
    readonly after?: Position;
  }): AsyncIterable<RecordedEvent>;

  /**
   * Follows `$all` for streams with these prefixes, from a position (exclusive), for ever: resubscribes with backoff from
   * where it was. Ends when `signal` aborts; throws `NewerEventVersion` or `UndecodableEvent` at an event it cannot read.
   */
  subscribe(options: {
    readonly prefixes: readonly string[];
    readonly after?: Position;
    readonly signal: AbortSignal;
  }): AsyncIterable<SubscriptionEntry>;

  /**
   * Returns the id of the event store, which is recorded at its first use. Throws `DataVersionMismatch` when the log has events
   * of another data version.
   */
  identity(): Promise<string>;

  /** The last position of the log, undefined while it is empty. */
  head(): Promise<Position | undefined>;

  /** Returns whether the log has an event at its place; undefined when its stream was deleted or truncated. */
  holds(event: EventRef): Promise<boolean | undefined>;

  close(): Promise<void>;
}
