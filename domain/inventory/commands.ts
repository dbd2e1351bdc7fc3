import type { OrderId, ProductId } from '../kernel/ids.ts';

export interface OpenStock {
  readonly type: 'OpenStock';
  readonly productId: ProductId;
  readonly quantity: number;
}
export interface ReceiveStock {
  readonly type: 'ReceiveStock';
  readonly productId: ProductId;
  readonly quantity: number;
}
export interface AdjustStock {
  readonly type: 'AdjustStock';
  readonly productId: ProductId;
  /** May be negative; never below what is reserved. */
  readonly quantity: number;
  readonly reason: string;
}

interface AboutReservation {
  readonly productId: ProductId;
  readonly orderId: OrderId;
  /** Log position of its `OrderPlaced` in decimal digits: tells a new order from a forgotten one. Null when it is not known. */
  readonly orderPosition: string | null;
}
/**
 * Holds all of `quantity` or none: short stock is an answer, not an error, and so is an order that is closed, or may have
 * been. `reservationOf` tells.
 */
export interface ReserveStock extends AboutReservation {
  readonly type: 'ReserveStock';
  readonly quantity: number;
  /** The caller saw the order waiting for its stock after so many orders were closed here. */
  readonly waitingAt?: number;
}
export interface ReleaseStock extends AboutReservation {
  readonly type: 'ReleaseStock';
}
export interface CommitStock extends AboutReservation {
  readonly type: 'CommitStock';
}

export type InventoryCommand =
  | OpenStock
  | ReceiveStock
  | AdjustStock
  | ReserveStock
  | ReleaseStock
  | CommitStock;
