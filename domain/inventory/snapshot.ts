import { entries, fromEntries, get } from '../kernel/persistent-map.ts';
import { fromItems, items } from '../kernel/persistent-queue.ts';
import type { ClosedOrder } from './closed-orders.ts';
import type { InventoryState } from './state.ts';

/** An inventory as compact JSON: a closed order takes some 60 bytes, an open one some 40. */
export interface InventorySnapshot {
  readonly status: InventoryState['status'];
  readonly onHand: number;
  readonly open: readonly (readonly [orderId: string, quantity: number])[];
  /** Oldest first. */
  readonly closed: readonly (
    | readonly [orderId: string, placedAt: number]
    | readonly [orderId: string, placedAt: number, requested: number, available: number]
  )[];
  readonly droppedUpTo: number | null;
}

export function takeSnapshot({ status, onHand, open, closed }: InventoryState): InventorySnapshot {
  const remembered = items(closed.oldestFirst).map((orderId) => {
    const order = get(closed.byId, orderId);
    const placedAt = order?.placedAt ?? 0;
    return order?.refused
      ? ([orderId, placedAt, order.refused.requested, order.refused.available] as const)
      : ([orderId, placedAt] as const);
  });
  return { status, onHand, open: [...entries(open)], closed: remembered, droppedUpTo: closed.droppedUpTo };
}

/** The state that a snapshot was taken of: it answers every command and query alike. */
export function fromSnapshot({
  status,
  onHand,
  open,
  closed,
  droppedUpTo,
}: InventorySnapshot): InventoryState {
  return {
    status,
    onHand,
    reserved: open.reduce((total, [, quantity]) => total + quantity, 0),
    open: fromEntries(open),
    closed: {
      byId: fromEntries(closed.map(closedOrderOf)),
      oldestFirst: fromItems(closed.map(([orderId]) => orderId)),
      droppedUpTo,
    },
  };
}

function closedOrderOf([
  orderId,
  placedAt,
  requested,
  available,
]: InventorySnapshot['closed'][number]): readonly [orderId: string, order: ClosedOrder] {
  const refused = requested === undefined || available === undefined ? null : { requested, available };
  return [orderId, { placedAt, refused }];
}
