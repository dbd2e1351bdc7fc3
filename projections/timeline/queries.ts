import type { Documents, Stored } from '../../read-store/read-store.ts';
import { findPage, type Page, type PageRequest } from '../page.ts';
import { afterCommit } from '../position-key.ts';
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

/** What happened after a commit position (exclusive), of one order or of all, in the order of the log. */
export function findTimelineSince(
  documents: Timeline,
  since: bigint,
  { orderId, limit }: { readonly orderId?: string; readonly limit: number },
): Promise<Stored<TimelineDocument>[]> {
  const from = afterCommit(since);
  return orderId === undefined
    ? documents.find({ index: 'byPosition', equals: [], from, limit })
    : documents.find({ index: 'byOrder', equals: [orderId], from, limit });
}
