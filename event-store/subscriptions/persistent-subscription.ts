import type { Position, RecordedEvent } from '../codec/recorded-event.ts';

/** The result of a handler: the event is acknowledged, redelivered, or parked with a reason. */
export type Verdict =
  | { readonly verdict: 'ack' }
  | { readonly verdict: 'retry'; readonly reason: string }
  /** `code` is the reason for the program that parks the event. */
  | { readonly verdict: 'park'; readonly reason: string; readonly code?: string };

export interface Delivery {
  readonly recorded: RecordedEvent;
  /** Number of earlier deliveries, acknowledged or not. An event that crashes its consumer is recognised by this number. */
  readonly retryCount: number;
}

/** An event to park. Of an event that cannot be decoded, nothing else is known. */
export interface ToPark {
  readonly stream: string;
  readonly revision: bigint;
  readonly type: string;
  /** The event's own id. */
  readonly id: string;
  readonly reason: string;
  readonly code?: string;
}

export interface ConsumerOptions {
  readonly group: string;
  /** The streams with these prefixes, or one stream. */
  readonly from: { readonly prefixes: readonly string[] } | { readonly stream: string };
  /** Maximum number of deliveries that are handled at the same time. */
  readonly concurrency: number;
  readonly handle: (delivery: Delivery) => Promise<Verdict>;
  readonly signal: AbortSignal;
  /**
   * Parks an event, which is then acknowledged. When this rejects, the event is redelivered. Without it, the event store
   * parks the event in a stream of the group, and `replayParked` redelivers it.
   */
  readonly park?: (event: ToPark) => Promise<void>;
}

/** The server's own counts of a group. */
export interface GroupStatistics {
  /** Parked events. */
  readonly parked: number;
  /** Delivered, not yet acknowledged. */
  readonly inFlight: number;
  /** Read by the server, not yet delivered. */
  readonly waiting: number;
  /** Connected consumers. */
  readonly consumers: number;
  /** The last event that the group's filter let through. */
  readonly lastKnown: Position | undefined;
  /** All events up to this position are acknowledged. A restart continues after it. */
  readonly checkpoint: Position | undefined;
}

/** The persistent subscriptions of an event store. Errors: `EventStoreUnavailable`. */
export interface PersistentSubscriptions {
  /**
   * Consumes a persistent subscription from its start. Creates the group (on `$all`: pinned by correlation) when it does not
   * exist. Delivers at least once, in any order. Resolves after `signal` has aborted and the deliveries in flight are handled.
   */
  readonly consumeGroup: (options: ConsumerOptions) => Promise<void>;
  /** Undefined while there is no such group. */
  readonly groupStatistics: (group: string) => Promise<GroupStatistics | undefined>;
  /** Redelivers all parked events; false when there is no such group. */
  readonly replayParked: (group: string) => Promise<boolean>;
}
