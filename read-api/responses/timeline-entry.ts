import { ResourceNotFound } from '../../platform/http/response/errors.ts';
import type { Caller } from '../../platform/http/route.ts';
import type { TimelineDocument, TimelineEntry } from '../../projections/timeline/document.ts';
import { findTimelineOwner } from '../../projections/timeline/queries.ts';
import type { Documents } from '../../read-store/read-store.ts';
import { isStaff } from '../requests/permissions.ts';

/** Returns an entry for a reader: only staff see payment tokens. */
export function timelineEntryFor(
  { orderId: _, position: __, data, ...entry }: TimelineEntry,
  staff: boolean,
) {
  if (staff || !('paymentToken' in data)) return { ...entry, data };
  const { paymentToken: ___, ...shown } = data;
  return { ...entry, data: shown };
}

/** Throws `ResourceNotFound` when the order does not exist or belongs to another customer. */
export async function checkMayFollow(
  caller: Caller,
  timeline: Documents<TimelineDocument>,
  orderId: string,
): Promise<void> {
  const owner = await findTimelineOwner(timeline, orderId);
  if (owner === undefined || !(isStaff(caller) || owner.customerId === caller.sub))
    throw new ResourceNotFound('order', orderId);
}
