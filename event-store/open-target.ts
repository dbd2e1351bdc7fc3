import { formatEventStoreUrl, parseEventStoreUrl } from '../platform/event-store-url.ts';
import { LeaderWatch } from './leader-watch.ts';
import type { Target } from './target.ts';

/** A node that does not tell where the leader is would hold the client up for 5 s, and a whole cluster that does not for 50. */
const QUICK_GOSSIP = [
  ['gossipTimeout', '1'],
  ['maxDiscoverAttempts', '3'],
] as const;

/** Throws `RangeError` when the URL cannot be used. */
export function openTarget(url: string): Target {
  const read = parseEventStoreUrl(url);
  const address = read.isCluster ? { ...read, options: new Map([...QUICK_GOSSIP, ...read.options]) } : read;
  const connectionString = formatEventStoreUrl(address);
  const preference = address.options.get('nodePreference') ?? 'leader';
  if (address.isCluster && preference.toLowerCase() === 'leader') return new LeaderWatch(address);
  return { connectionString: () => connectionString, onMove: () => {}, close: () => {} };
}
