import { formatEventStoreUrl, parseEventStoreUrl } from '../../platform/config/event-store-url.ts';
import { LeaderWatch } from './leader-watch.ts';
import type { Target } from './target.ts';

/** Limits discovery: by default, a node that does not name the leader delays the client by 5 s, a whole cluster by 50 s. */
const QUICK_GOSSIP = [
  ['gossipTimeout', '1'],
  ['maxDiscoverAttempts', '3'],
] as const;

/** Opens the target of a URL. Throws `RangeError` for a bad URL. */
export function openTarget(url: string): Target {
  const read = parseEventStoreUrl(url);
  const address = read.isCluster ? { ...read, options: new Map([...QUICK_GOSSIP, ...read.options]) } : read;
  const connectionString = formatEventStoreUrl(address);
  const preference = address.options.get('nodePreference') ?? 'leader';
  if (address.isCluster && preference.toLowerCase() === 'leader') return new LeaderWatch(address);
  return { connectionString: () => connectionString, onMove: () => {}, close: () => {} };
}
