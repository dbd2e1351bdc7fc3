import type { RecordedEvent } from './recorded-event.ts';

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
}

/**
 * Consumes a persistent subscription to `$all` from its start, creating the group (pinned by correlation) when it is not
 * there. At least once, in any order, with duplicates. Resolves when `signal` aborts and what is in hand is done.
 */
export type ConsumeGroup = (options: ConsumerOptions) => Promise<void>;
