import type { StreamLimits } from '../stream-metadata.ts';
import type { Tables } from '../tables/tables.ts';

/**
 * Returns the lowest revision of a stream within its limits; above the last revision if no event is within them.
 * @param now milliseconds since 1970
 */
export function firstVisibleRevision(
  tables: Pick<Tables, 'createdAt'>,
  stream: { readonly id: number; readonly head: number },
  { truncateBefore, maxCount, maxAgeMs }: StreamLimits,
  now: number,
): number {
  const first = Math.max(0, truncateBefore, stream.head - maxCount + 1);
  if (maxAgeMs === Infinity) return first;
  // Bisection works because `created` never decreases. Scavenged events are the oldest of their stream.
  const isFresh = (revision: number) => (tables.createdAt(stream.id, revision) ?? 0) > now - maxAgeMs;
  let low = first;
  let high = stream.head + 1;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (isFresh(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
