import { positionKey } from '../../projections/documents/position-key.ts';
import type { TimelineDocument, TimelineEntry } from '../../projections/timeline/document.ts';
import { timelineProjection } from '../../projections/timeline/projection.ts';
import { findTimelineWithin } from '../../projections/timeline/queries.ts';
import type { ReadStore } from '../../read-store/read-store.ts';
import type { Decrypt } from '../responses/personal-data.ts';

/** Maximum number of entries per read. */
const MAX_ENTRIES = 500;

/** Where entries are read, and how their personal data is decrypted. */
export interface TimelineSource {
  readonly readStore: Pick<ReadStore, 'live'>;
  readonly decrypt: Decrypt;
}

export interface TimelinePart {
  readonly entries: readonly TimelineEntry[];
  /** Position key up to which the entries are complete. */
  readonly reached: string;
  /** Whether more entries can be read at once. */
  readonly hasMore: boolean;
}

export interface WantedPart {
  /** Position key after which to begin. */
  readonly after: string;
  /** Position key at which to end, if it is before the checkpoint. */
  readonly upTo?: string;
  readonly orderId?: string | undefined;
}

/**
 * Returns entries of the timeline after a position, up to the checkpoint at most: beyond it, entries may still be inserted
 * before existing ones. Entries and checkpoint are of one generation. Throws what read store and key store throw.
 */
export async function readTimelinePart(
  { readStore, decrypt }: TimelineSource,
  { after, upTo, orderId }: WantedPart,
): Promise<TimelinePart> {
  const { documents, end: written } = await timelineOf(readStore);
  const end = upTo !== undefined && upTo < written ? upTo : written;
  if (end <= after) return { entries: [], reached: after, hasMore: false };
  const found = await findTimelineWithin(documents, { after, upTo: end, orderId, limit: MAX_ENTRIES });
  const entries = await decrypt(found);
  const last = entries.length < MAX_ENTRIES ? undefined : entries.at(-1);
  return { entries, reached: last?.position ?? end, hasMore: last !== undefined };
}

/** Returns the timeline and the position key of its checkpoint; the key is empty while there is no checkpoint. */
export async function timelineOf(readStore: Pick<ReadStore, 'live'>) {
  const documents = await readStore.live<TimelineDocument>(timelineProjection);
  const checkpoint = await documents.checkpoint();
  return { documents, end: checkpoint === undefined ? '' : positionKey(checkpoint) };
}
