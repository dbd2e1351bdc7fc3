import type { DomainEvent } from '../../../../domain/kernel/event.ts';
import { domainPrefixes } from '../../../../event-catalogue/streams.ts';
import type { Position, RecordedEvent } from '../../../../event-store/codec/recorded-event.ts';
import type { EventStore } from '../../../../event-store/event-store.ts';
import type { ShopEvent } from '../../../../projections/shop-event.ts';

/** What the events say of an order. */
export interface OrderInLedger {
  status: string;
  captured: number;
  refunded: number;
  /** The types of its events. */
  readonly happened: string[];
  /** Nobody has anything left to do about it. */
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
/** Of these streams each tells of one thing, to which everything happens once. */
const ONCE = ['order-', 'payment-', 'shipment-'];

/** Reads the log on from where it was, and knows what happened to orders and stock, and what happened twice. */
export class Ledger {
  readonly orders = new Map<string, OrderInLedger>();
  /** Units received, by product; opening stock is not among them. */
  readonly received = new Map<string, number>();
  readonly repeated: string[] = [];
  events = 0;
  readonly #store: Pick<EventStore, 'readAll'>;
  readonly #happened = new Set<string>();
  #after: Position | undefined;

  constructor(store: Pick<EventStore, 'readAll'>) {
    this.#store = store;
  }

  async readOn(): Promise<void> {
    const after = this.#after === undefined ? {} : { after: this.#after };
    for await (const recorded of this.#store.readAll({ prefixes: domainPrefixes, ...after })) {
      this.#after = recorded.position;
      this.events += 1;
      this.#take(recorded);
    }
  }

  #take({ stream, event: recorded }: RecordedEvent): void {
    const event = recorded as DomainEvent & ShopEvent;
    if (event.type === 'StockReceived') {
      const { productId, quantity } = event.data;
      this.received.set(productId, (this.received.get(productId) ?? 0) + quantity);
    }
    if (!('orderId' in event.data)) return;
    const { orderId } = event.data;
    if (ONCE.some((prefix) => stream.startsWith(prefix))) this.#once(`${event.type} on ${stream}`);
    if (stream.startsWith('inventory-')) this.#once(`${event.type} for ${orderId} on ${stream}`);
    this.#takeOrder(orderId, event, stream);
  }

  #takeOrder(orderId: string, event: ShopEvent, stream: string): void {
    const known = this.orders.get(orderId);
    const order = known ?? { status: 'unknown', captured: 0, refunded: 0, happened: [], isAtRest: false };
    if (known === undefined) this.orders.set(orderId, order);
    order.happened.push(event.type);
    order.status = STATUSES[event.type] ?? order.status;
    if (event.type === 'PaymentCaptured') order.captured += event.data.amount.amount;
    if (event.type === 'PaymentRefunded') order.refunded += event.data.amount.amount;
    // The process manager still has to learn of these.
    if (stream.startsWith('payment-')) order.isAtRest = false;
    if (stream.startsWith('fulfilment-') && event.type !== 'FulfilmentDelivered')
      order.isAtRest = event.type === 'FulfilmentCompleted';
  }

  #once(what: string): void {
    if (this.#happened.has(what)) this.repeated.push(what);
    this.#happened.add(what);
  }
}
