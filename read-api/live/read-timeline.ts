import { positionKey } from '../../projections/documents/position-key.ts';
import type { TimelineDocument, TimelineEntry } from '../../projections/timeline/document.ts';
import { timelineProjection } from '../../projections/timeline/projection.ts';
import { findTimelineWithin } from '../../projections/timeline/queries.ts';
import type { ReadStore } from '../../read-store/read-store.ts';

/** Entries that are read at once. */
const MOST = 500;

export interface TimelinePart {
  readonly entries: readonly TimelineEntry[];
  /** Nothing between `after` and here is missing, and nothing will come to be there. */
  readonly reached: string;
  /** There is more to be read at once. */
  readonly hasMore: boolean;
}

export interface WantedPart {
  /** Key of the place behind which to begin. */
  readonly after: string;
  /** Key of the place where to end, if that is before the checkpoint. */
  readonly upTo?: string;
  readonly orderId?: string | undefined;
}

/**
 * What the timeline holds behind a place, never past the checkpoint: beyond it entries may still come to be before others
 * that are there already. Entries and checkpoint are of one generation.
 */
export async function readTimelinePart(
  readStore: Pick<ReadStore, 'live'>,
  { after, upTo, orderId }: WantedPart,
): Promise<TimelinePart> {
  const { documents, end: written } = await timelineOf(readStore);
  const end = upTo !== undefined && upTo < written ? upTo : written;
  if (end <= after) return { entries: [], reached: after, hasMore: false };
  const entries = await findTimelineWithin(documents, { after, upTo: end, orderId, limit: MOST });
  const last = entries.length < MOST ? undefined : entries.at(-1);
  return { entries, reached: last?.position ?? end, hasMore: last !== undefined };
}

/** The timeline, and the key of its checkpoint: empty while there is none. */
export async function timelineOf(readStore: Pick<ReadStore, 'live'>) {
  const documents = await readStore.live<TimelineDocument>(timelineProjection);
  const checkpoint = await documents.checkpoint();
  return { documents, end: checkpoint === undefined ? '' : positionKey(checkpoint) };
}
