/** The part of an event that a group needs. */
export interface Message {
  /** The id that a consumer acknowledges: that of the link, if the event was reached through one. */
  readonly id: string;
  /** The stream or correlation id, by which pinning strategies choose a consumer. */
  readonly key: string;
  /** Revision or commit position; for a replayed event, its revision in the parked stream. */
  readonly position: number;
  /** Approximate memory. */
  readonly bytes: number;
}

/** Where an event was read. Replayed events never move the checkpoint. */
export type Origin = 'history' | 'live' | 'replay';

/** The state of an event in a group, from being read until it is acknowledged, skipped or parked. */
export interface Entry<M extends Message> {
  readonly message: M;
  readonly origin: Origin;
  /** The number of the event in reading order, from 1. */
  readonly sequence: number;
  /** The highest possible checkpoint while this event is not finished. */
  readonly checkpointBefore: number | undefined;
  retryCount: number;
  /** The event waits in the retry buffer. */
  isRetry: boolean;
  isFinished: boolean;
  /** Time of the last delivery, in ms. */
  sentAt: number;
  /** The bucket of a pinning strategy; -1 until one is chosen. */
  bucket: number;
}
