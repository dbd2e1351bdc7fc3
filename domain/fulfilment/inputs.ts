import type { InventoryState } from '../inventory/state.ts';
import type { ProductId } from '../kernel/ids.ts';
import type { EngineInput, WorkflowInput } from '../kernel/workflow.ts';
import type { OrderEvent } from '../order/events.ts';
import type { PaymentEvent } from '../payment/events.ts';
import type { ShipmentEvent } from '../shipment/events.ts';

export type OrderPlaced = Extract<OrderEvent, { type: 'OrderPlaced' }>;
/** The events of an order, its payment and its shipment. */
export type OrderStoryEvent = OrderEvent | PaymentEvent | ShipmentEvent;

/** The stock of a product right after a `ReserveStock`. */
export interface Reservation {
  readonly productId: ProductId;
  readonly stock: InventoryState;
}

/** Any event but `OrderPlaced` was recorded. The id of each input is the order id. */
export interface EventReceived extends WorkflowInput<'EventReceived'> {
  readonly event: OrderStoryEvent;
}
/**
 * An order was placed and its stock was reserved: both are recorded in one append (ADR 0009). Without reservations, if they
 * failed, only the order is recorded; its commands then reserve the stock again.
 */
export interface BeginFulfilment extends WorkflowInput<'BeginFulfilment'> {
  readonly event: OrderPlaced;
  /** Log position of the event, in decimal digits. */
  readonly orderPosition: string;
  readonly reservations: readonly Reservation[];
}

export type FulfilmentInput = EventReceived | BeginFulfilment | EngineInput<Reservation>;
