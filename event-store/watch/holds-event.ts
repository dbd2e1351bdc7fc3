import type { StoredEvent } from '../codec/codec.ts';
import type { Position } from '../codec/recorded-event.ts';
import { StreamDeleted } from '../errors.ts';
import type { EventRef } from './event-ref.ts';

export interface RefReads {
  /** Returns the first event of a stream at or after a revision. Throws `StreamDeleted`. */
  readonly eventAt: (stream: string, revision: bigint) => Promise<StoredEvent | undefined>;
  readonly lastOf: (stream: string) => Promise<StoredEvent | undefined>;
}

/**
 * Returns whether the log has this event at its place. Undefined when a scavenge may have removed it, because the stream
 * was deleted or has metadata.
 */
export async function holdsEvent(
  { eventAt, lastOf }: RefReads,
  { stream, revision, id, position }: EventRef,
): Promise<boolean | undefined> {
  try {
    const found = await eventAt(stream, revision);
    if (found?.revision === revision) return found.id === id && isSame(found.position, position);
    return found === undefined && (await lastOf(`$$${stream}`)) === undefined ? false : undefined;
  } catch (error) {
    if (error instanceof StreamDeleted) return undefined;
    throw error;
  }
}

const isSame = (found: Position | undefined, { commit }: Position): boolean =>
  found === undefined || found.commit === commit;
