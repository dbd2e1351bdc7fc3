import { Map as ImmutableMap, List } from 'immutable';
import type { OrderId } from '../kernel/ids.ts';

/** Number of closed orders that a product remembers by id. */
export const REMEMBERED = 10_000;

/** An order that can no longer reserve this product, and the recorded rejection of its reservation. */
export interface ClosedOrder {
  /** Log position of its `OrderPlaced`. */
  readonly orderPosition: number;
  readonly rejected: { readonly requested: number; readonly available: number } | null;
}

/** The closed orders of one product: the last 10,000 by id, and the highest log position of all older ones. */
export interface ClosedOrders {
  readonly byId: ImmutableMap<string, ClosedOrder>;
  readonly oldestFirst: List<string>;
  /** Number of forgotten orders. */
  readonly forgotten: number;
  /** Highest log position of the forgotten orders. */
  readonly forgottenUpTo: number;
}

/** What a command knows about an order that this product may have forgotten. */
export interface OrderInQuestion {
  /** Log position of its `OrderPlaced`, in decimal digits. */
  readonly orderPosition: string;
  /** Number of closings here at a time when the order still waited for its stock. */
  readonly waitingAt?: number;
}

export const noClosedOrders: ClosedOrders = {
  byId: ImmutableMap(),
  oldestFirst: List(),
  forgotten: 0,
  forgottenUpTo: 0,
};

export const closedOrder = ({ byId }: ClosedOrders, orderId: OrderId): ClosedOrder | undefined =>
  byId.get(orderId);

/** Returns the number of orders ever closed. */
export const closings = ({ forgotten, oldestFirst }: ClosedOrders): number => forgotten + oldestFirst.size;

/**
 * Returns whether an order that is not remembered may have been closed and forgotten. It was not when it was placed after
 * all forgotten orders, or when it still waited for its stock after the last of them was closed.
 */
export function mayBeForgotten(
  { forgotten, forgottenUpTo }: ClosedOrders,
  { orderPosition, waitingAt }: OrderInQuestion,
): boolean {
  if (forgotten === 0 || (waitingAt !== undefined && forgotten <= waitingAt)) return false;
  return Number(orderPosition) <= forgottenUpTo;
}

/** Adds a closed order, or replaces the recorded rejection of a known one. Beyond 10,000, forgets the one closed first. */
export function close(orders: ClosedOrders, orderId: string, order: ClosedOrder): ClosedOrders {
  const byId = orders.byId.set(orderId, order);
  if (orders.byId.has(orderId)) return { ...orders, byId };
  return forget({ ...orders, byId, oldestFirst: orders.oldestFirst.push(orderId) });
}

function forget(orders: ClosedOrders): ClosedOrders {
  if (orders.oldestFirst.size <= REMEMBERED) return orders;
  const oldest = orders.oldestFirst.first('');
  const position = orders.byId.get(oldest)?.orderPosition ?? 0;
  return {
    byId: orders.byId.delete(oldest),
    oldestFirst: orders.oldestFirst.shift(),
    forgotten: orders.forgotten + 1,
    forgottenUpTo: Math.max(orders.forgottenUpTo, position),
  };
}
