import type { AccountMailEvent } from '../domain/account-mails/events.ts';
import type { EmailEvent } from '../domain/email/events.ts';
import type { FulfilmentEvent } from '../domain/fulfilment/events.ts';
import type { InventoryEvent } from '../domain/inventory/events.ts';
import type { EventDefinition } from '../domain/kernel/event.ts';
import type { OrderEvent } from '../domain/order/events.ts';
import type { ParkingEvent } from '../domain/parking/events.ts';
import type { PaymentEvent } from '../domain/payment/events.ts';
import type { ProductEvent } from '../domain/product/events.ts';
import type { SessionEvent } from '../domain/session/events.ts';
import type { ShipmentEvent } from '../domain/shipment/events.ts';
import type { UserEvent } from '../domain/user/events.ts';
import type { RecordedEvent } from '../event-store/codec/recorded-event.ts';

/** Every event that a read model can use. */
export type ShopEvent =
  | OrderEvent
  | ProductEvent
  | InventoryEvent
  | PaymentEvent
  | ShipmentEvent
  | FulfilmentEvent
  | ParkingEvent
  | UserEvent
  | SessionEvent
  | AccountMailEvent
  | EmailEvent;

export type EventType = ShopEvent['type'];
export type EventOfType<Type extends EventType> = Extract<ShopEvent, { type: Type }>;
export type RecordedShopEvent = RecordedEvent<ShopEvent>;

/** Returns the types of event definitions, such as all events of an aggregate. */
export const typesOf = <const Type extends EventType>(
  ...definitions: readonly EventDefinition<Type>[]
): Type[] => definitions.map(({ type }) => type);
