import type { StreamLimits } from './stream-metadata.ts';
import type { Tables } from './tables.ts';

/**
 * The lowest revision of a stream that its limits let through; beyond the head when they let nothing through.
 * @param now milliseconds since 1970
 */
export function floorOf(
  tables: Pick<Tables, 'createdAt'>,
  stream: { readonly id: number; readonly head: number },
  { truncateBefore, maxCount, maxAgeMs }: StreamLimits,
  now: number,
): number {
  const floor = Math.max(0, truncateBefore, stream.head - maxCount + 1);
  if (maxAgeMs === Infinity) return floor;
  // Bisected, for created never falls. Scavenged events are the oldest of their stream.
  const isFresh = (revision: number) => (tables.createdAt(stream.id, revision) ?? 0) > now - maxAgeMs;
  let low = floor;
  let high = stream.head + 1;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (isFresh(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
