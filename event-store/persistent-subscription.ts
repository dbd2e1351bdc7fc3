import type { Position, RecordedEvent } from './recorded-event.ts';

/** What a handler makes of a delivery: done, to be delivered again, or set aside with a reason. */
export type Verdict =
  | { readonly verdict: 'ack' }
  | { readonly verdict: 'retry'; readonly reason: string }
  | { readonly verdict: 'park'; readonly reason: string };

export interface Delivery {
  readonly recorded: RecordedEvent;
  /** How often it was delivered before; an event that kills its consumer is seen here, not by the server. */
  readonly retryCount: number;
}

export interface ConsumerOptions {
  readonly group: string;
  readonly prefixes: readonly string[];
  /** How many deliveries are handled at once. */
  readonly concurrency: number;
  readonly handle: (delivery: Delivery) => Promise<Verdict>;
  readonly signal: AbortSignal;
  /** An event delivered more often than this is parked unseen; 10 when absent. */
  readonly maxRetries?: number;
}

/**
 * Consumes a persistent subscription to `$all` from its start, creating the group (pinned by correlation) when it is not
 * there. At least once, in any order, with duplicates. Resolves when `signal` aborts and what is in hand is done.
 */
export type ConsumeGroup = (options: ConsumerOptions) => Promise<void>;

/** How a group stands, from the server's own counts. */
export interface GroupStatistics {
  /** Events set aside. */
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

/** The persistent subscriptions of an event store. Errors: `EventStoreAway`. */
export interface PersistentSubscriptions {
  readonly consumeGroup: ConsumeGroup;
  /** Undefined while there is no such group. */
  readonly groupStatistics: (group: string) => Promise<GroupStatistics | undefined>;
  /** Delivers all that is parked again; false when there is no such group. */
  readonly replayParked: (group: string) => Promise<boolean>;
}
