import type { Position, RecordedEvent } from '../codec/recorded-event.ts';

/** What becomes of a delivery: it is acknowledged, delivered again, or parked with a reason. */
export type Verdict =
  | { readonly verdict: 'ack' }
  | { readonly verdict: 'retry'; readonly reason: string }
  /** `code` tells the reason to the program that parks it. */
  | { readonly verdict: 'park'; readonly reason: string; readonly code?: string };

export interface Delivery {
  readonly recorded: RecordedEvent;
  /** How often it was delivered before, answered or not: an event that kills its consumer is seen here, not by the server. */
  readonly retryCount: number;
}

/** An event to be parked. Nothing more is known of an event that cannot be read. */
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
  /** What it follows: all streams with these prefixes, or one stream. */
  readonly from: { readonly prefixes: readonly string[] } | { readonly stream: string };
  /** How many deliveries are handled at once. */
  readonly concurrency: number;
  readonly handle: (delivery: Delivery) => Promise<Verdict>;
  readonly signal: AbortSignal;
  /**
   * Sets an event aside; then it is acknowledged. Where this fails the event is delivered again. Without it, the
   * event store parks: in a stream of the group's, from where `replayParked` brings it back.
   */
  readonly park?: (event: ToPark) => Promise<void>;
}

/**
 * Consumes a persistent subscription from its start, creating the group (on `$all`: pinned by correlation) when it is not
 * there. At least once, in any order, with duplicates. Resolves when `signal` aborts and what is in hand is done.
 */
export type ConsumeGroup = (options: ConsumerOptions) => Promise<void>;

/** How a group stands, from the server's own counts. */
export interface GroupStatistics {
  /** Parked events. */
  readonly parked: number;
  /** Delivered, not yet answered. */
  readonly inFlight: number;
  /** Read by the server, not yet delivered. */
  readonly waiting: number;
  /** Connected consumers. */
  readonly consumers: number;
  /** The last event that the group's filter let through. */
  readonly lastKnown: Position | undefined;
  /** Everything up to here is done; after a restart it goes on from here. */
  readonly checkpoint: Position | undefined;
}

/** The persistent subscriptions of an event store. Errors: `EventStoreUnavailable`. */
export interface PersistentSubscriptions {
  readonly consumeGroup: ConsumeGroup;
  /** Undefined while there is no such group. */
  readonly groupStatistics: (group: string) => Promise<GroupStatistics | undefined>;
  /** Delivers all that is parked again; false when there is no such group. */
  readonly replayParked: (group: string) => Promise<boolean>;
}
