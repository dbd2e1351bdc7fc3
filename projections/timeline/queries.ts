import type { Documents, Stored } from '../../read-store/read-store.ts';
import { findPage, mapPage, type Page, type PageRequest } from '../documents/page.ts';
import type { TimelineDocument, TimelineEntry } from './document.ts';
import { shortened } from './short-key.ts';
import { entryOf } from './stored-entry.ts';

type Timeline = Documents<TimelineDocument>;

/** An order's story, in the order of the log. */
export async function findTimeline(
  documents: Timeline,
  orderId: string,
  page: PageRequest,
): Promise<Page<TimelineEntry>> {
  const query = { index: 'ofOrder', equals: [orderId] };
  return mapPage(await findPage(documents, query, page, ({ position }) => [position]), decoded);
}

/**
 * Whose order it is, as its story tells: nothing of an order precedes its `OrderPlaced`, which names the customer.
 * Undefined while there is no story; `customerId` is undefined should it begin otherwise.
 */
export async function findTimelineOwner(
  documents: Timeline,
  orderId: string,
): Promise<{ readonly customerId: string | undefined } | undefined> {
  const [first] = await documents.find({ index: 'ofOrder', equals: [orderId], limit: 1 });
  if (first === undefined) return undefined;
  const { customerId } = decoded(first).data;
  return { customerId: typeof customerId === 'string' ? customerId : undefined };
}

/** Where in the log to look, as keys of positions: behind `after` (all when empty), up to and including `upTo`. */
export interface TimelineSpan {
  readonly after: string;
  readonly upTo: string;
  readonly orderId?: string | undefined;
  readonly limit: number;
}

/** What happened within a part of the log, to one order or to all, in the order of the log. */
export async function findTimelineWithin(
  documents: Timeline,
  { after, upTo, orderId, limit }: TimelineSpan,
): Promise<TimelineEntry[]> {
  // Behind the key itself, and before every other that is greater.
  const from = after === '' ? '' : `${shortened(after)}${HIGHEST}`;
  const bounds = { from, to: shortened(upTo), limit };
  const found =
    orderId === undefined
      ? await documents.find({ index: 'ofLog', equals: [], ...bounds })
      : await documents.find({ index: 'ofOrder', equals: [orderId], ...bounds });
  return found.map(decoded);
}

const HIGHEST = '\u007f';

const decoded = ({ body }: Stored<TimelineDocument>): TimelineEntry => entryOf(body);
