import type { StoredEvent } from '../../../storage/event.ts';

/** A message to send: an event, or a checkpoint up to which all events were checked. */
export type Delivery =
  | { readonly kind: 'event'; readonly event: StoredEvent }
  | { readonly kind: 'checkpoint'; readonly position: number };

export interface CursorPage {
  readonly deliveries: readonly Delivery[];
  /** The events read. */
  readonly events: readonly StoredEvent[];
  /** Number of checked events in the log, matching or not. */
  readonly checked: number;
  /**
   * `more`: continue to read. `end`: no more events in this turn. `deleted`: the stream is tombstoned.
   * `invalid-position`: there is no event at the start position.
   */
  readonly state: 'more' | 'end' | 'deleted' | 'invalid-position';
}

/** The progress of a subscription in the log and through live events. */
export interface Cursor {
  /** The stream, or undefined for `$all`. */
  readonly stream: string | undefined;
  /** Reads the next page; checks at most `limit` events. */
  read(limit: number): CursorPage;
  /** Accepts a live event; returns the messages to send. */
  offer(event: StoredEvent): readonly Delivery[];
  /** Switches from live events back to reading; returns the messages to send. */
  fallBehind(): readonly Delivery[];
}
