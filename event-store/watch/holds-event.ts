import { StreamDeleted } from '../errors.ts';
import type { LogReads } from '../reading/log-reads.ts';
import type { EventRef } from './event-ref.ts';

/**
 * Returns whether the log has this event at its place. Undefined when a scavenge may have removed it, because the stream
 * was deleted or has metadata.
 */
export async function holdsEvent(
  reads: Pick<LogReads, 'firstFrom' | 'last'>,
  { stream, revision, id, position }: EventRef,
): Promise<boolean | undefined> {
  try {
    const found = await reads.firstFrom(stream, revision);
    if (found?.revision === revision)
      return found.id === id && (found.position ?? position).commit === position.commit;
    return found === undefined && (await reads.last(`$$${stream}`)) === undefined ? false : undefined;
  } catch (error) {
    if (error instanceof StreamDeleted) return undefined;
    throw error;
  }
}
