import { type Readiness, readyWhenOk } from '../platform/http/monitoring/health.ts';
import { readModels } from '../projections/read-models.ts';
import type { ReadStoreWatch } from '../read-store/read-store-watch.ts';
import type { ChangeFeed } from './waiting/change-feed.ts';

export type WatchedReadStore = Pick<ReadStoreWatch, 'readStore' | 'projector' | 'statuses' | 'catchingUp'>;

/** A projector that takes over from another needs less. */
const LONG_MS = 10_000;

/**
 * Returns not ready without the read store, without a projector, and while read models are being built: responses would
 * be stale. The API stays ready without the event store, since nothing can change meanwhile, and with a model that is behind
 * or stopped, since queries of other models work; its checks name them. Without the key store, only personal data cannot be
 * read. `others` are checks of these stores: `ok`, or a sentence.
 */
export function readinessOf(
  { readStore, projector, statuses, catchingUp }: WatchedReadStore,
  feed: Pick<ChangeFeed, 'connected' | 'lagMs'>,
  others: { readonly eventStore: string; readonly keyStore: string },
): Readiness {
  const projections =
    projector === 'ok' && catchingUp.length > 0 ? `catching up: ${catchingUp.join(', ')}` : projector;
  const readiness = readyWhenOk({ readStore, projections });
  if (!readiness.ready) return { ready: false, checks: { ...others, ...readiness.checks } };
  const stopped = statuses.filter(({ status }) => status === 'stopped').map(({ name }) => name);
  const state = stopped.length > 0 ? `stopped at an event: ${stopped.join(', ')}` : lagOf(feed);
  return { ready: true, checks: { ...others, readStore, projections: state } };
}

function lagOf(feed: Pick<ChangeFeed, 'connected' | 'lagMs'>): string {
  const behind = readModels
    .map(({ name }) => ({ name, lagMs: feed.lagMs(name) }))
    .filter(({ lagMs }) => lagMs >= LONG_MS);
  if (behind.length === 0) return 'ok';
  const seconds = Math.round(Math.max(...behind.map(({ lagMs }) => lagMs)) / 1000);
  return feed.connected
    ? `behind for ${seconds} s: ${behind.map(({ name }) => name).join(', ')}`
    : `the change feed is silent for ${seconds} s: a query that waits for a position takes longer`;
}
