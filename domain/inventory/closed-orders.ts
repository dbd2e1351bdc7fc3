import type { OrderId } from '../kernel/ids.ts';
import { emptyMap, get, type PersistentMap, remove, set } from '../kernel/persistent-map.ts';
import { dequeue, emptyQueue, enqueue, type PersistentQueue } from '../kernel/persistent-queue.ts';

/** How many closed orders a product remembers by id. */
export const REMEMBERED = 10_000;

/**
 * An order placed so much later than one that is closed now was dated by a clock that is ahead. It is not dropped: all that is placed
 * until its time has come would be too late. Where there are more of these than are passed over, theirs is the time.
 */
const AHEAD_MS = 3_600_000;
const MOST_PASSED_OVER = 16;

/** An order that may not reserve here any more, and the answer its last reservation was given, if it was refused. */
export interface ClosedOrder {
  /** Milliseconds since 1970. */
  readonly placedAt: number;
  readonly refused: { readonly requested: number; readonly available: number } | null;
}

/** The orders closed lately at one product: the last 10,000 by id, all before them by when they were placed. */
export interface ClosedOrders {
  readonly byId: PersistentMap<ClosedOrder>;
  readonly oldestFirst: PersistentQueue<string>;
  /** The newest `placedAt` that was dropped, in milliseconds since 1970; null when none was. */
  readonly droppedUpTo: number | null;
}

export const noClosedOrders: ClosedOrders = { byId: emptyMap, oldestFirst: emptyQueue, droppedUpTo: null };

export const closedOrder = ({ byId }: ClosedOrders, orderId: OrderId): ClosedOrder | undefined =>
  get(byId, orderId);

/** Not newer than an order that was closed and forgotten: it may be that very order. */
export const isTooLate = ({ droppedUpTo }: ClosedOrders, placedAt: string): boolean =>
  droppedUpTo !== null && Date.parse(placedAt) <= droppedUpTo;

/**
 * With one more, or with a newer answer to one that is known; beyond 10,000 the one closed first is dropped, of those that are
 * not dated ahead.
 */
export function close(orders: ClosedOrders, orderId: string, order: ClosedOrder): ClosedOrders {
  const byId = set(orders.byId, orderId, order);
  if (get(orders.byId, orderId) !== undefined) return { ...orders, byId };
  return forget({ ...orders, byId, oldestFirst: enqueue(orders.oldestFirst, orderId) }, order.placedAt);
}

function forget(orders: ClosedOrders, newest: number): ClosedOrders {
  if (orders.oldestFirst.size <= REMEMBERED) return orders;
  const placedAtOf = (orderId: string): number => get(orders.byId, orderId)?.placedAt ?? 0;
  let { item: oldest = '', rest } = dequeue(orders.oldestFirst);
  for (let passed = 0; passed < MOST_PASSED_OVER && placedAtOf(oldest) > newest + AHEAD_MS; passed += 1)
    ({ item: oldest = '', rest } = dequeue(enqueue(rest, oldest)));
  const placedAt = placedAtOf(oldest);
  return {
    byId: remove(orders.byId, oldest),
    oldestFirst: rest,
    droppedUpTo: Math.max(orders.droppedUpTo ?? placedAt, placedAt),
  };
}
