import type { FulfilmentEvent } from '../domain/fulfilment/events.ts';
import type { InventoryEvent } from '../domain/inventory/events.ts';
import type { OrderEvent } from '../domain/order/events.ts';
import type { PaymentEvent } from '../domain/payment/events.ts';
import type { ProductEvent } from '../domain/product/events.ts';
import type { ShipmentEvent } from '../domain/shipment/events.ts';
import type { RecordedEvent } from '../event-store/codec/recorded-event.ts';

/** Everything that the read models are folded from; a model passes over the types that it does not name. */
export type ShopEvent =
  | OrderEvent
  | ProductEvent
  | InventoryEvent
  | PaymentEvent
  | ShipmentEvent
  | FulfilmentEvent;

export type RecordedShopEvent = RecordedEvent<ShopEvent>;
