import type { Readiness } from '../platform/http/health.ts';
import { readModels } from '../projections/models.ts';
import type { ReadStore } from '../read-store/read-store.ts';
import type { ChangeFeed } from './change-feed.ts';

/** A projector that takes over from another needs less. */
const LONG_MS = 10_000;

/**
 * Queries need the read store alone: without the projections they are answered as of when these went, which is told, and
 * sends nobody away.
 */
export async function readinessOf(
  readStore: Pick<ReadStore, 'ping'>,
  feed: Pick<ChangeFeed, 'connected' | 'lagMs'>,
): Promise<Readiness> {
  const store = await readStore.ping().then(
    () => 'ok',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  return { ready: store === 'ok', checks: { 'read store': store, projections: projections(feed) } };
}

function projections(feed: Pick<ChangeFeed, 'connected' | 'lagMs'>): string {
  const behind = readModels
    .map(({ name }) => ({ name, lagMs: feed.lagMs(name) }))
    .filter(({ lagMs }) => lagMs >= LONG_MS);
  if (behind.length === 0) return 'ok';
  const seconds = Math.round(Math.max(...behind.map(({ lagMs }) => lagMs)) / 1000);
  return feed.connected
    ? `${behind.map(({ name }) => name).join(', ')} behind, for ${seconds} s`
    : `away for ${seconds} s: answers are as of then`;
}
