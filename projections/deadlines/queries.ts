import type { Documents } from '../../read-store/read-store.ts';
import type { DeadlineDocument } from './document.ts';

export interface DueDeadline {
  readonly orderId: string;
  readonly deadlineId: string;
  /** ISO 8601. */
  readonly dueAt: string;
}

/** Deadlines due at or before `now`, the longest due first; at most `limit`. */
export async function dueDeadlines(
  documents: Documents<DeadlineDocument>,
  now: Date,
  limit: number,
): Promise<DueDeadline[]> {
  const found = await documents.find({ index: 'byDue', equals: [], to: now.getTime(), limit });
  return found.flatMap(({ body: { orderId, current } }) =>
    current === undefined ? [] : [{ orderId, deadlineId: current.deadlineId, dueAt: current.dueAt }],
  );
}
