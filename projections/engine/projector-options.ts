import type { Registry } from 'prom-client';
import type { EventStore } from '../../event-store/event-store.ts';
import type { Logger } from '../../event-store/logger.ts';
import type { AccessLog } from '../../platform/logging/access-log.ts';
import { LEASE_TTL_MS } from '../../read-store/projector-lease.ts';
import type { ReadStore } from '../../read-store/read-store.ts';
import type { Projection } from '../projection.ts';
import type { BatchBounds } from './subscription/batches.ts';

export interface ProjectorOptions {
  readonly store: EventStore;
  /** The projector serves health before it awaits the read store. */
  readonly readStore: ReadStore | Promise<ReadStore>;
  /** Returns the state of the stores for health: `ok`, or a sentence. */
  readonly stores: () => { readonly eventStore: string; readonly readStore: string };
  readonly projections: readonly Projection[];
  readonly logger: Logger;
  readonly accessLog?: AccessLog | undefined;
  readonly metrics?: Registry;
  readonly host: string;
  /** A free port when absent. */
  readonly port?: number;
  /** Abort it to stop the projector. */
  readonly signal: AbortSignal;
  readonly tuning?: Partial<Tuning>;
}

export interface Tuning {
  /** Milliseconds without a renewal until another projector takes the lease. */
  readonly leaseTtlMs: number;
  readonly batch: BatchBounds;
  /** Backoff until a stopped read model is retried. */
  readonly retry: { readonly firstMs: number; readonly maxMs: number };
  /** Milliseconds until a replaced generation is dropped. Requests may still read it. */
  readonly dropAfterMs: number;
}

export const defaultTuning: Tuning = {
  leaseTtlMs: LEASE_TTL_MS,
  batch: { maxEntries: 500, maxWaitMs: 20, spacingMs: 10 },
  retry: { firstMs: 1_000, maxMs: 60_000 },
  // A request looks up the live generation once and then reads it, for at most 12 s (the grace period of a stopping process).
  dropAfterMs: 60_000,
};
