import { z } from 'zod';
import { defineEvent, type EventOf } from '../kernel/event.ts';
import { OrderId, ProductId } from '../kernel/ids.ts';
import { LogPosition, Reason, SignedUnits, Units } from '../kernel/values.ts';

const ofProduct = { productId: ProductId };
/** `orderPosition` is the log position of the order's `OrderPlaced`. */
const ofReservation = { productId: ProductId, orderId: OrderId, orderPosition: LogPosition };

/** The stock that a product is created with; at most once per product. */
export const StockOpened = defineEvent('StockOpened', 1, { ...ofProduct, quantity: Units });
export const StockReceived = defineEvent('StockReceived', 1, { ...ofProduct, quantity: Units });
export const StockAdjusted = defineEvent('StockAdjusted', 1, {
  ...ofProduct,
  quantity: SignedUnits,
  reason: Reason,
});
export const StockReserved = defineEvent('StockReserved', 1, { ...ofReservation, quantity: Units });
/** The stock was short. Closes the order at this product. */
export const StockReservationRefused = defineEvent('StockReservationRefused', 1, {
  ...ofReservation,
  requested: Units,
  available: Units,
  cause: z.literal('short'),
});
/** Ends a reservation; `quantity` is 0 when the order had none. Closes the order at this product. */
export const StockReleased = defineEvent('StockReleased', 1, { ...ofReservation, quantity: Units });
/** The reserved units were shipped. Closes the order at this product. */
export const StockCommitted = defineEvent('StockCommitted', 1, { ...ofReservation, quantity: Units });

export const inventoryEvents = [
  StockOpened,
  StockReceived,
  StockAdjusted,
  StockReserved,
  StockReservationRefused,
  StockReleased,
  StockCommitted,
] as const;
export type InventoryEvent = EventOf<(typeof inventoryEvents)[number]>;
