import { z } from 'zod';
import { positionKey } from '../../projections/documents/position-key.ts';

/**
 * The id of a live event is its place in the log: `10423`, or `10423-10400` where its prepare position is another than
 * its commit position. So the position that a command answers is one too: it stands for all up to there.
 */
export const LastEventId = z
  .string()
  .regex(/^\d{1,19}(-\d{1,19})?$/, 'is to be the id of a live event, as it was sent')
  .transform((id) => {
    const [commit = '', prepare = commit] = id.split('-');
    return positionKey({ commit: BigInt(commit), prepare: BigInt(prepare) });
  });

/** The id for the key of a position; `0` for the empty key, before everything. */
export function eventIdOf(key: string): string {
  const [commit = 0n, prepare = commit] = key.split(':').map(BigInt);
  return commit === prepare ? `${commit}` : `${commit}-${prepare}`;
}
