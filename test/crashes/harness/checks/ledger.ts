import type { DomainEvent } from '../../../../domain/kernel/event.ts';
import { domainPrefixes } from '../../../../event-catalogue/streams.ts';
import type { Position, RecordedEvent } from '../../../../event-store/codec/recorded-event.ts';
import type { EventStore } from '../../../../event-store/event-store.ts';
import type { ShopEvent } from '../../../../projections/shop-event.ts';

/** State of an order, folded from the events. */
export interface OrderInLedger {
  status: string;
  captured: number;
  refunded: number;
  readonly eventTypes: string[];
  /** No process manager has anything left to do for the order. */
  isAtRest: boolean;
}

const STATUSES: Readonly<Record<string, string>> = {
  OrderPlaced: 'placed',
  OrderConfirmed: 'confirmed',
  OrderRejected: 'rejected',
  OrderShipped: 'shipped',
  OrderDelivered: 'delivered',
  OrderCancelled: 'cancelled',
};
/** In these streams each event type occurs at most once; but see `#kindOf`. */
const ONCE_PER_STREAM = ['order-', 'payment-', 'shipment-'];

/** Orders, received stock and duplicate events, folded from the log. */
export class Ledger {
  readonly orders = new Map<string, OrderInLedger>();
  /** Units received, by product, without opening stock. */
  readonly received = new Map<string, number>();
  /** Events that were recorded twice. */
  readonly duplicates: string[] = [];
  events = 0;
  readonly #store: Pick<EventStore, 'readAll'>;
  readonly #seen = new Set<string>();
  /** Shipments of which a parcel left although they were cancelled. */
  readonly #strayParcels = new Set<string>();
  #after: Position | undefined;

  constructor(store: Pick<EventStore, 'readAll'>) {
    this.#store = store;
  }

  /** Reads the events after those that were read before. */
  async readNewEvents(): Promise<void> {
    const after = this.#after === undefined ? {} : { after: this.#after };
    for await (const recorded of this.#store.readAll({ prefixes: domainPrefixes, ...after })) {
      this.#after = recorded.position;
      this.events += 1;
      this.#fold(recorded);
    }
  }

  #fold({ stream, event: recorded }: RecordedEvent): void {
    const event = recorded as DomainEvent & ShopEvent;
    if (event.type === 'StockReceived') {
      const { productId, quantity } = event.data;
      this.received.set(productId, (this.received.get(productId) ?? 0) + quantity);
    }
    if (!('orderId' in event.data)) return;
    const { orderId } = event.data;
    if (event.type === 'ShipmentContradicted') this.#strayParcels.add(stream);
    if (ONCE_PER_STREAM.some((prefix) => stream.startsWith(prefix)))
      this.#expectOnce(`${this.#kindOf(event, stream)} on ${stream}`);
    if (stream.startsWith('inventory-')) this.#expectOnce(`${event.type} for ${orderId} on ${stream}`);
    this.#foldOrder(orderId, event, stream);
  }

  /**
   * Returns what may happen once to a stream. Each process has a simulated carrier with a memory of its own, so two responses
   * to a recall may differ, and a parcel may leave after a recall, which is then repeated.
   */
  #kindOf(event: ShopEvent, stream: string): string {
    if (event.type !== 'ShipmentRecalled') return event.type;
    const after = this.#strayParcels.has(stream) ? 'after a stray parcel' : 'before a stray parcel';
    return `${event.type} (${event.data.outcome}) ${after}`;
  }

  #foldOrder(orderId: string, event: ShopEvent, stream: string): void {
    const known = this.orders.get(orderId);
    const order = known ?? { status: 'unknown', captured: 0, refunded: 0, eventTypes: [], isAtRest: false };
    if (known === undefined) this.orders.set(orderId, order);
    order.eventTypes.push(event.type);
    order.status = STATUSES[event.type] ?? order.status;
    if (event.type === 'PaymentCaptured') order.captured += event.data.amount.amount;
    if (event.type === 'PaymentRefunded') order.refunded += event.data.amount.amount;
    // The process manager has not handled these yet.
    if (stream.startsWith('payment-')) order.isAtRest = false;
    if (stream.startsWith('fulfilment-') && event.type !== 'FulfilmentDelivered')
      order.isAtRest = event.type === 'FulfilmentCompleted';
  }

  #expectOnce(event: string): void {
    if (this.#seen.has(event)) this.duplicates.push(event);
    this.#seen.add(event);
  }
}
