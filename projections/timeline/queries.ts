import type { Documents, Stored } from '../../read-store/read-store.ts';
import { findPage, mapPage, type Page, type PageRequest } from '../documents/page.ts';
import type { TimelineDocument, TimelineEntry } from './document.ts';
import { shortenKey } from './short-key.ts';
import { entryOf } from './stored-entry.ts';

type Timeline = Documents<TimelineDocument>;

/** Returns the events of an order, in log order. */
export async function findTimeline(
  documents: Timeline,
  orderId: string,
  page: PageRequest,
): Promise<Page<TimelineEntry>> {
  const query = { index: 'ofOrder', equals: [orderId] };
  return mapPage(await findPage(documents, query, page, ({ position }) => [position]), decoded);
}

/**
 * Returns the customer of an order from its first event, `OrderPlaced`. Undefined while the order has no events;
 * `customerId` is undefined if its first event is another one.
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

/** A part of the log, as position keys: after `after` (from the start when empty), up to and including `upTo`. */
export interface TimelineSpan {
  readonly after: string;
  readonly upTo: string;
  readonly orderId?: string | undefined;
  readonly limit: number;
}

/** Returns the events of a part of the log, of one order or of all, in log order. */
export async function findTimelineWithin(
  documents: Timeline,
  { after, upTo, orderId, limit }: TimelineSpan,
): Promise<TimelineEntry[]> {
  // Sorts after the key itself and before every greater key.
  const from = after === '' ? '' : `${shortenKey(after)}${HIGHEST}`;
  const bounds = { from, to: shortenKey(upTo), limit };
  const found =
    orderId === undefined
      ? await documents.find({ index: 'ofLog', equals: [], ...bounds })
      : await documents.find({ index: 'ofOrder', equals: [orderId], ...bounds });
  return found.map(decoded);
}

const HIGHEST = '\u007f';

const decoded = ({ body }: Stored<TimelineDocument>): TimelineEntry => entryOf(body);
