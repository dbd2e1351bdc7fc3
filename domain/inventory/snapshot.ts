import { Map as ImmutableMap, List } from 'immutable';
import type { InventoryState } from './state.ts';

type ClosedOrderEntry =
  | readonly [orderId: string, orderPosition: number]
  | readonly [orderId: string, orderPosition: number, requested: number, available: number];

/** Snapshot of an inventory as compact JSON: about 55 bytes for a closed order, 40 for an open one. */
export interface InventorySnapshot {
  readonly status: InventoryState['status'];
  readonly onHand: number;
  readonly open: readonly (readonly [orderId: string, quantity: number])[];
  /** Oldest first. */
  readonly closed: readonly ClosedOrderEntry[];
  readonly forgotten: number;
  readonly forgottenUpTo: number;
}

export function takeSnapshot({ status, onHand, open, closed }: InventoryState): InventorySnapshot {
  const remembered = [...closed.oldestFirst].map((orderId) => {
    const order = closed.byId.get(orderId);
    const orderPosition = order?.orderPosition ?? 0;
    return order?.rejected
      ? ([orderId, orderPosition, order.rejected.requested, order.rejected.available] as const)
      : ([orderId, orderPosition] as const);
  });
  const { forgotten, forgottenUpTo } = closed;
  return { status, onHand, open: [...open], closed: remembered, forgotten, forgottenUpTo };
}

/** Returns the state of a snapshot. */
export function fromSnapshot({
  status,
  onHand,
  open,
  closed,
  ...forgotten
}: InventorySnapshot): InventoryState {
  return {
    status,
    onHand,
    reserved: open.reduce((total, [, quantity]) => total + quantity, 0),
    open: ImmutableMap(open),
    closed: {
      byId: ImmutableMap(closed.map(closedOrderOf)),
      oldestFirst: List(closed.map(([orderId]) => orderId)),
      ...forgotten,
    },
  };
}

function closedOrderOf([orderId, orderPosition, requested, available]: ClosedOrderEntry) {
  const rejected = requested === undefined || available === undefined ? null : { requested, available };
  return [orderId, { orderPosition, rejected }] as const;
}
