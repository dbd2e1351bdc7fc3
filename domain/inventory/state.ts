import { Map as ImmutableMap } from 'immutable';
import type { OrderId } from '../kernel/ids.ts';
import {
  type ClosedOrders,
  closedOrder,
  closings,
  mayBeForgotten,
  noClosedOrders,
  type OrderInQuestion,
} from './closed-orders.ts';

/** The stock of one product; `snapshot.ts` has its JSON. */
export interface InventoryState {
  /** Whether the opening stock is recorded. Receipts and reservations do not wait for it. */
  readonly status: 'unopened' | 'opened';
  readonly onHand: number;
  /** The sum of the open reservations. */
  readonly reserved: number;
  /** Units held, by order. */
  readonly open: ImmutableMap<string, number>;
  readonly closed: ClosedOrders;
}

export const initialInventory: InventoryState = {
  status: 'unopened',
  onHand: 0,
  reserved: 0,
  open: ImmutableMap(),
  closed: noClosedOrders,
};

export interface StockLevels {
  readonly onHand: number;
  readonly reserved: number;
  readonly available: number;
}

export const levels = ({ onHand, reserved }: InventoryState): StockLevels => ({
  onHand,
  reserved,
  available: onHand - reserved,
});

export type ReservationResult =
  | { readonly held: true }
  | { readonly held: false; readonly requested: number; readonly available: number }
  /** The order may have been closed and forgotten: the caller must check whether it still waits for its stock. */
  | { readonly held: 'unknown'; readonly closings: number };

/**
 * Returns the result of a `ReserveStock` that has just been handled. `available` is the stock at the time of a recorded
 * rejection, or the current stock when the order was already closed.
 */
export function reservationOf(
  state: InventoryState,
  reservation: OrderInQuestion & { readonly orderId: OrderId; readonly quantity: number },
): ReservationResult {
  const { orderId, quantity: requested } = reservation;
  if (heldFor(state, orderId) !== undefined) return { held: true };
  const known = closedOrder(state.closed, orderId);
  if (known === undefined && mayBeForgotten(state.closed, reservation))
    return { held: 'unknown', closings: closings(state.closed) };
  return { held: false, ...(known?.rejected ?? { requested, available: levels(state).available }) };
}

/** Units held for an order; undefined when it has no open reservation. */
export const heldFor = ({ open }: InventoryState, orderId: OrderId): number | undefined => open.get(orderId);
