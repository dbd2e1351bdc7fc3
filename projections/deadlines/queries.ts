import type { Documents } from '../../read-store/read-store.ts';
import type { DeadlineDocument } from './document.ts';

export interface DueTimeout {
  /** Stream of the workflow. */
  readonly stream: string;
  readonly timeoutId: string;
  readonly waitingFor: string;
  readonly attempt: number;
  /** When the event store recorded it, ISO 8601. */
  readonly scheduledAt: string;
  /** ISO 8601. */
  readonly dueAt: string;
}

export interface DueTimeoutsQuery {
  /** The kinds of waits to look for: each is one lookup in the index. */
  readonly kinds: readonly string[];
  readonly now: Date;
  /** Maximum number of timeouts. */
  readonly limit: number;
}

export interface StrayTimeoutsQuery extends DueTimeoutsQuery {
  /** Returns the maximum duration of a kind in milliseconds. */
  readonly maxMs: (kind: string) => number;
}

/** Returns timeouts due at or before `now`, the earliest first. */
export const dueTimeouts = (
  documents: Documents<DeadlineDocument>,
  { now, ...query }: DueTimeoutsQuery,
): Promise<DueTimeout[]> => within(documents, () => ({ to: now.getTime() }), query);

/**
 * Returns timeouts that are later than the maximum duration of their kind allows, the earliest first. A process with a
 * wrong clock scheduled them.
 */
export const strayTimeouts = (
  documents: Documents<DeadlineDocument>,
  { now, maxMs, ...query }: StrayTimeoutsQuery,
): Promise<DueTimeout[]> => within(documents, (kind) => ({ from: now.getTime() + maxMs(kind) + 1 }), query);

/** Bounds are milliseconds since the epoch, inclusive. */
async function within(
  documents: Documents<DeadlineDocument>,
  bounds: (kind: string) => { readonly from: number } | { readonly to: number },
  { kinds, limit }: Pick<DueTimeoutsQuery, 'kinds' | 'limit'>,
): Promise<DueTimeout[]> {
  const found = await Promise.all(
    kinds.map((kind) => documents.find({ index: 'byKind', equals: [kind], ...bounds(kind), limit })),
  );
  return found
    .flat()
    .flatMap(({ body: { stream, current } }) => (current === undefined ? [] : [{ stream, ...current }]))
    .sort((one, other) => one.due - other.due)
    .slice(0, limit)
    .map(({ due: _, ...timeout }) => timeout);
}
