import type { OrderId, ProductId } from '../kernel/ids.ts';

/** The stock that a product is created with, or a delivery to the warehouse. */
export interface AddStock {
  readonly type: 'OpenStock' | 'ReceiveStock';
  readonly productId: ProductId;
  readonly quantity: number;
}
export interface AdjustStock {
  readonly type: 'AdjustStock';
  readonly productId: ProductId;
  /** May be negative, but not so that the stock falls below the reserved units. */
  readonly quantity: number;
  readonly reason: string;
}

interface OfReservation {
  readonly productId: ProductId;
  readonly orderId: OrderId;
  /** Log position of its `OrderPlaced` in decimal digits. It shows whether this product may have forgotten the order. */
  readonly orderPosition: string;
}
/**
 * Reserves all of `quantity` or nothing. Short stock, and an order that is or may be closed, are results and not errors:
 * `reservationOf` returns them.
 */
export interface ReserveStock extends OfReservation {
  readonly type: 'ReserveStock';
  readonly quantity: number;
  /** Number of closings at this product at a time when the order still waited for its stock. */
  readonly waitingAt?: number;
}
export interface ReleaseStock extends OfReservation {
  readonly type: 'ReleaseStock';
}
export interface CommitStock extends OfReservation {
  readonly type: 'CommitStock';
}

export type InventoryCommand = AddStock | AdjustStock | ReserveStock | ReleaseStock | CommitStock;
