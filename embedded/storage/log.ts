import type { NewEvent, StoredEvent } from './event.ts';
import type { EventFilter } from './filter/filter.ts';

/** A number is the exact revision of the head. */
export type ExpectedRevision = number | 'any' | 'no_stream' | 'stream_exists';

/**
 * What an append came to. Only `written` wrote anything.
 *
 * - `written`: durable. `revision` and `position` are those of its last event; an append of no events has the
 *   stream's head as its revision (-1 when there is none) and the log's last position.
 * - `repeated`: the same event ids were there already, and durable. `revision` and `position` are those of the
 *   last event of this repetition; no position once that event is deleted or truncated.
 * - `wrong-revision`: `current` is the head, -1 without one.
 * - `stream-deleted`: the stream is tombstoned, or soft-deleted and was expected to exist.
 */
export type AppendOutcome =
  | { readonly status: 'written'; readonly revision: number; readonly position: number }
  | { readonly status: 'repeated'; readonly revision: number; readonly position: number | undefined }
  | { readonly status: 'wrong-revision'; readonly current: number }
  | { readonly status: 'stream-deleted' };

export type RemoveOutcome =
  | { readonly status: 'removed'; readonly position: number }
  | { readonly status: 'wrong-revision'; readonly current: number }
  | { readonly status: 'stream-deleted' };

/**
 * A page of one stream. `missing` holds for a stream never written and for one that is soft-deleted,
 * `deleted` for one that is tombstoned; both have no events.
 */
export interface StreamPage {
  readonly status: 'found' | 'missing' | 'deleted';
  /** In the order read, less what the stream's metadata ($maxCount, $maxAge, $tb) takes away. */
  readonly events: readonly StoredEvent[];
  /** Where to go on from; undefined when nothing more is there in that direction. */
  readonly next: number | undefined;
  /** The revision of the head; -1 without one. */
  readonly last: number;
}

/** A page of the whole log. */
export interface AllPage {
  /** Events that match the filter, in reading order, including truncated and deleted ones that are not scavenged yet. */
  readonly events: readonly StoredEvent[];
  /** The positions of all events checked at, matching or not, in the order read. */
  readonly positions: readonly number[];
  /** Nothing more is there in that direction. */
  readonly atEnd: boolean;
  /** The position of the last event checked at, to go on from; undefined when there was none. */
  readonly next: number | undefined;
}

/** A pass over the whole log, in steps of a few milliseconds. It may stop after any step. */
export interface Scavenge {
  /** Number of removed events, and bytes by which the file becomes smaller. */
  readonly removed: { readonly events: number; readonly bytes: number };
  /**
   * Does the next step; returns false when nothing is left.
   * @throws {LogFailed} when the disk refuses, {LogClosed}; that step then did nothing
   */
  step(): boolean;
}

/** Freshly committed events, in the order of the log; called in the same turn in which they became durable. */
export type CommitListener = (events: readonly StoredEvent[]) => void;

/**
 * The log of all events. Reads are synchronous and see everything that was ever answered or handed to a
 * listener, so that a reader that finds nothing more can switch to `onCommitted` within the same turn and
 * neither miss nor repeat an event.
 */
export interface EventLog {
  /**
   * Appends all of the events or none. Resolves when they are on disk (what arrives together is committed
   * together); listeners hear of them before the promise resolves.
   * @throws {LogFailed} when the disk refuses; nothing of it was then kept.
   */
  append(stream: string, events: readonly NewEvent[], expected: ExpectedRevision): Promise<AppendOutcome>;

  /** Hides the stream's events by its metadata; it can be written again, and its numbering goes on. */
  softDelete(stream: string, expected: ExpectedRevision): Promise<RemoveOutcome>;

  /** Ends the stream for good. */
  tombstone(stream: string, expected: ExpectedRevision): Promise<RemoveOutcome>;

  /** At most `limit` events of a stream with a revision of at least `from`, in order. */
  readStreamForwards(stream: string, from: number, limit: number): StreamPage;

  /** At most `limit` events with a revision of at most `from` (`Infinity` for the head), newest first. */
  readStreamBackwards(stream: string, from: number, limit: number): StreamPage;

  /** Looks at no more than `limit` events whose position is greater than `after` (0 for the start). */
  readAllForwards(after: number, limit: number, filter?: EventFilter): AllPage;

  /** Looks at no more than `limit` events whose position is less than `before` (`Infinity` for the end). */
  readAllBackwards(before: number, limit: number, filter?: EventFilter): AllPage;

  /** Returns whether an event is, or before a scavenge may have been, at exactly this position. */
  hasPosition(position: number): boolean;

  /** The position of the newest event; 0 for none. */
  lastPosition(): number;

  /** The revision of the stream's head, whatever metadata hides; -1 without one, `TOMBSTONE_REVISION` at the end. */
  headRevision(stream: string): number;

  /**
   * The event that a link (type `$>`, data `revision@stream`) points to; `undefined` when it is gone or never was.
   * An event that is no link, or whose data do not read as one, is its own target.
   */
  resolveLink(event: StoredEvent): StoredEvent | undefined;

  /**
   * Creates a pass that removes events that no read of a stream returns: superseded metadata, events beyond `$maxCount`,
   * `$maxAge` and `$tb`, and deleted streams. Removes nothing before its first step.
   */
  scavenge(): Scavenge;

  /** Calls the listener from now on; the function returned ends that. */
  onCommitted(listener: CommitListener): () => void;

  /** Finishes what was handed in, then lets go of the file. Later appends are refused with `LogClosed`. */
  close(): Promise<void>;
}
