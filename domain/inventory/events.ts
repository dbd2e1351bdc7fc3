import { z } from 'zod';
import { defineEvent, type EventOf } from '../kernel/event.ts';
import { OrderId, ProductId } from '../kernel/ids.ts';
import { LogPosition, Reason, SignedUnits, Units } from '../kernel/values.ts';

const ofProduct = { productId: ProductId };
/** `orderPosition` is the log position of `OrderPlaced`; null in events of an older version. */
const ofReservation = { productId: ProductId, orderId: OrderId, orderPosition: LogPosition.nullable() };

/** The stock a product was created with; at most once per product. */
export const StockOpened = defineEvent('StockOpened', 1, z.strictObject({ ...ofProduct, quantity: Units }));
export const StockReceived = defineEvent(
  'StockReceived',
  1,
  z.strictObject({ ...ofProduct, quantity: Units }),
);
export const StockAdjusted = defineEvent(
  'StockAdjusted',
  1,
  z.strictObject({ ...ofProduct, quantity: SignedUnits, reason: Reason }),
);
export const StockReserved = defineEvent(
  'StockReserved',
  2,
  z.strictObject({ ...ofReservation, quantity: Units }),
);
/** Too little was free. Closes the order here. (Other causes than `short` stand in older events only.) */
export const StockReservationRefused = defineEvent(
  'StockReservationRefused',
  2,
  z.strictObject({
    ...ofReservation,
    requested: Units,
    available: Units,
    cause: z.enum(['short', 'closed', 'too-late']),
  }),
);
/** What was held is free again; `quantity` is 0 when nothing was held. Closes the order here. */
export const StockReleased = defineEvent(
  'StockReleased',
  2,
  z.strictObject({ ...ofReservation, quantity: Units }),
);
/** What was held has left the house. Closes the order here. */
export const StockCommitted = defineEvent(
  'StockCommitted',
  2,
  z.strictObject({ ...ofReservation, quantity: Units }),
);

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
