import type { StoredEvent } from '../../../storage/event.ts';

/** One thing to send: an event, or that everything up to a position was checked at. */
export type Delivery =
  | { readonly kind: 'event'; readonly event: StoredEvent }
  | { readonly kind: 'checkpoint'; readonly position: number };

export interface CursorPage {
  readonly deliveries: readonly Delivery[];
  /** The events read. */
  readonly events: readonly StoredEvent[];
  /** How many were checked at in the log, read or not. */
  readonly checked: number;
  /**
   * `more`: read on. `end`: no more events in this turn. `deleted`: the stream was tombstoned.
   * `invalid-position`: no event is at the position to start from.
   */
  readonly state: 'more' | 'end' | 'deleted' | 'invalid-position';
}

/** Where a subscription is, in the log and live. */
export interface Cursor {
  /** The stream, or undefined for all. */
  readonly stream: string | undefined;
  /** Reads on, looking at no more than `limit` events. */
  read(limit: number): CursorPage;
  /** Takes a live event; returns what to send for it. */
  offer(event: StoredEvent): readonly Delivery[];
  /** Returns from live events to reading; returns the messages to send. */
  fallBehind(): readonly Delivery[];
}
