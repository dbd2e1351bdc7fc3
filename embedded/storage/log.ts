import type { NewEvent, StoredEvent } from './event.ts';
import type { EventFilter } from './filter/filter.ts';

/** A number is the exact revision of the last event. */
export type ExpectedRevision = number | 'any' | 'no_stream' | 'stream_exists';

/**
 * The result of an append. Only `written` changed the log.
 *
 * - `written`: the events are on disk. `revision` and `position` are those of the last event. For an append without
 *   events, they are the stream's last revision (-1 for an empty stream) and the log's last position.
 * - `repeated`: events with the same ids are already on disk. `revision` and `position` are those of the last event of
 *   this duplicate; `position` is undefined if that event is deleted or truncated.
 * - `wrong-revision`: `current` is the stream's last revision, or -1.
 * - `stream-deleted`: the stream is tombstoned, or it is soft-deleted and was expected to exist.
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
 * A page of one stream. The status is `missing` for a stream that was never written or is soft-deleted, and `deleted` for
 * a tombstoned one. Both have no events.
 */
export interface StreamPage {
  readonly status: 'found' | 'missing' | 'deleted';
  /** In reading order, without the events that the stream's metadata ($maxCount, $maxAge, $tb) hides. */
  readonly events: readonly StoredEvent[];
  /** The revision to continue from; undefined at the end in that direction. */
  readonly next: number | undefined;
  /** The last revision of the stream, or -1. */
  readonly last: number;
}

/** A page of the whole log. */
export interface AllPage {
  /** Events that match the filter, in reading order, including truncated and deleted ones that are not scavenged yet. */
  readonly events: readonly StoredEvent[];
  /** The positions of all checked events, matching or not, in reading order. */
  readonly positions: readonly number[];
  /** The page reaches the end of the log in that direction. */
  readonly atEnd: boolean;
  /** The position of the last checked event, to continue from; undefined if none was checked. */
  readonly next: number | undefined;
}

/** A pass over the whole log, in steps of a few milliseconds. It may stop after any step. */
export interface Scavenge {
  /** Number of removed events, and bytes by which the file becomes smaller. */
  readonly removed: { readonly events: number; readonly bytes: number };
  /**
   * Does the next step; returns false when nothing is left.
   * @throws {LogFailed} when the disk rejects the write, {LogClosed}. The step then has no effect.
   */
  step(): boolean;
}

/** Receives newly committed events in log order, in the same turn of the event loop as their commit. */
export type CommitListener = (events: readonly StoredEvent[]) => void;

/**
 * The log of all events. Reads are synchronous and return all committed events. A reader that reaches the end can
 * therefore switch to `onCommitted` within the same turn, and neither misses nor repeats an event.
 */
export interface EventLog {
  /**
   * Appends all of the events or none. Resolves when they are on disk and the listeners were called. Appends that arrive
   * together share a commit.
   * @throws {LogFailed} when the disk rejects the write; nothing was stored
   */
  append(stream: string, events: readonly NewEvent[], expected: ExpectedRevision): Promise<AppendOutcome>;

  /** Hides the stream's events through its metadata. A later append continues the numbering. */
  softDelete(stream: string, expected: ExpectedRevision): Promise<RemoveOutcome>;

  /** Deletes the stream permanently. */
  tombstone(stream: string, expected: ExpectedRevision): Promise<RemoveOutcome>;

  /** Returns at most `limit` events of a stream from revision `from` on, oldest first. */
  readStreamForwards(stream: string, from: number, limit: number): StreamPage;

  /** Returns at most `limit` events of a stream from revision `from` down (`Infinity` for the last one), newest first. */
  readStreamBackwards(stream: string, from: number, limit: number): StreamPage;

  /** Checks at most `limit` events with a position greater than `after` (0 for the start). */
  readAllForwards(after: number, limit: number, filter?: EventFilter): AllPage;

  /** Checks at most `limit` events with a position less than `before` (`Infinity` for the end). */
  readAllBackwards(before: number, limit: number, filter?: EventFilter): AllPage;

  /** Returns whether an event is at exactly this position, or may have been there before a scavenge. */
  hasPosition(position: number): boolean;

  /** Returns the position of the newest event, or 0. */
  lastPosition(): number;

  /** Returns the last revision of a stream, even if metadata hides it; -1 if empty, `TOMBSTONE_REVISION` if tombstoned. */
  headRevision(stream: string): number;

  /**
   * Returns the event that a link (type `$>`, data `revision@stream`) points to, or undefined if it does not exist.
   * Returns an event that is not a valid link as it is.
   */
  resolveLink(event: StoredEvent): StoredEvent | undefined;

  /**
   * Creates a pass that removes events that no read of a stream returns: superseded metadata, events beyond `$maxCount`,
   * `$maxAge` and `$tb`, and deleted streams. Removes nothing before its first step.
   */
  scavenge(): Scavenge;

  /** Registers a listener; returns a function that removes it. */
  onCommitted(listener: CommitListener): () => void;

  /** Commits the queued appends and closes the file. Later appends are rejected with `LogClosed`. */
  close(): Promise<void>;
}
