import type { Documents, Stored } from '../../read-store/read-store.ts';
import { findPage, type Page, type PageRequest } from '../page.ts';
import type { TimelineDocument } from './document.ts';

type Timeline = Documents<TimelineDocument>;
type Entries = Page<Stored<TimelineDocument>>;

/** An order's story, in the order of the log. */
export const findTimeline = (documents: Timeline, orderId: string, page: PageRequest): Promise<Entries> =>
  findPage(documents, { index: 'byOrder', equals: [orderId] }, page, ({ position }) => [position]);

/**
 * Whose order it is, as its story tells: nothing of an order precedes its `OrderPlaced`, which names the customer.
 * Undefined while there is no story; `customerId` is undefined should it begin otherwise.
 */
export async function findTimelineOwner(
  documents: Timeline,
  orderId: string,
): Promise<{ readonly customerId: string | undefined } | undefined> {
  const [first] = await documents.find({ index: 'byOrder', equals: [orderId], limit: 1 });
  if (first === undefined) return undefined;
  const { customerId } = first.body.data;
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
export function findTimelineWithin(
  documents: Timeline,
  { after, upTo, orderId, limit }: TimelineSpan,
): Promise<Stored<TimelineDocument>[]> {
  // Behind the key itself, and before every other that is greater.
  const from = after === '' ? '' : `${after};`;
  const bounds = { from, to: upTo, limit };
  return orderId === undefined
    ? documents.find({ index: 'byPosition', equals: [], ...bounds })
    : documents.find({ index: 'byOrder', equals: [orderId], ...bounds });
}
