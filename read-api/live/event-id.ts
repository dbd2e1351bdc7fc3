import { z } from 'zod';
import { positionKey } from '../../projections/documents/position-key.ts';

/**
 * The id of a live event is its log position: `10423`, or `10423-10400` when its prepare position differs from its commit
 * position. So the position in the response of a command works as an id too.
 */
export const LastEventId = z
  .string()
  .regex(/^\d{1,19}(-\d{1,19})?$/, 'must be the id of a live event')
  .transform((id) => {
    const [commit = '', prepare = commit] = id.split('-');
    return positionKey({ commit: BigInt(commit), prepare: BigInt(prepare) });
  });

/** Returns the event id of a position key; `0` for the empty key, which is before every event. */
export function eventIdOf(key: string): string {
  const [commit = 0n, prepare = commit] = key.split(':').map(BigInt);
  return commit === prepare ? `${commit}` : `${commit}-${prepare}`;
}
