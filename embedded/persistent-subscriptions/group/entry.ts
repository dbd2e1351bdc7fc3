/** What the core knows of an event: the rest of it belongs to whoever handed it over. */
export interface Message {
  /** The id that a consumer acknowledges: the link's where the event was reached through one. */
  readonly id: string;
  /** What pinning strategies look at: a stream or a correlation. */
  readonly key: string;
  /** Revision or commit position; of a replayed event, its revision in the parked stream. */
  readonly position: number;
  /** About what it takes in memory. */
  readonly bytes: number;
}

/** Where an event was read; a retry remembers it, since replayed events never move the checkpoint. */
export type Origin = 'history' | 'live' | 'replay';

/** One event on its way through a group, from being read until it is acknowledged, skipped or parked. */
export interface Entry<M extends Message> {
  readonly message: M;
  readonly origin: Origin;
  /** The order in which it was read, counted from 1. */
  readonly sequence: number;
  /** Where a checkpoint may stand as long as this one is not finished. */
  readonly before: number | undefined;
  retryCount: number;
  /** Waits in the retry buffer, not where it was first put. */
  retrying: boolean;
  finished: boolean;
  /** When it was last sent, in milliseconds. */
  sentAt: number;
  /** Its share of the pinned buckets; -1 until a pinning strategy chose one. */
  bucket: number;
}
