import type { Documents } from '../../read-store/read-store.ts';
import { type DeadlineDocument, WaitingFor } from './document.ts';

export interface DueDeadline {
  readonly orderId: string;
  readonly deadlineId: string;
  readonly waitingFor: WaitingFor;
  readonly attempt: number;
  /** When the event store recorded it, ISO 8601. */
  readonly setAt: string;
  /** ISO 8601. */
  readonly dueAt: string;
}

/** Returns deadlines due at or before `now`, the earliest first; at most `limit`. */
export const dueDeadlines = (
  documents: Documents<DeadlineDocument>,
  now: Date,
  limit: number,
): Promise<DueDeadline[]> => within(documents, () => ({ to: now.getTime() }), limit);

/**
 * Returns deadlines that are later than the maximum duration of their kind allows, the earliest first; at most `limit`. A
 * wrong clock set them. `longestMs` returns the maximum duration of a kind in milliseconds.
 */
export const strayDeadlines = (
  documents: Documents<DeadlineDocument>,
  now: Date,
  longestMs: (kind: WaitingFor) => number,
  limit: number,
): Promise<DueDeadline[]> =>
  within(documents, (kind) => ({ from: now.getTime() + longestMs(kind) + 1 }), limit);

/** Bounds are milliseconds since the epoch, inclusive. */
async function within(
  documents: Documents<DeadlineDocument>,
  bounds: (kind: WaitingFor) => { readonly from: number } | { readonly to: number },
  limit: number,
): Promise<DueDeadline[]> {
  const found = await Promise.all(
    WaitingFor.options.map((kind) =>
      documents.find({ index: 'byKind', equals: [kind], ...bounds(kind), limit }),
    ),
  );
  return found
    .flat()
    .flatMap(({ body: { orderId, current } }) => (current === undefined ? [] : [{ orderId, ...current }]))
    .sort((one, other) => one.due - other.due)
    .slice(0, limit)
    .map(({ orderId, deadlineId, waitingFor, attempt, setAt, dueAt }) => ({
      orderId,
      deadlineId,
      waitingFor,
      attempt,
      setAt,
      dueAt,
    }));
}
