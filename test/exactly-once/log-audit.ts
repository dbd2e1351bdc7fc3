import type { EventOf } from '../../domain/kernel/event.ts';
import type { OrderPlaced } from '../../domain/order/events.ts';
import type { ParkingEvent } from '../../domain/parking/events.ts';
import type { RecordedEvent } from '../../event-store/codec/recorded-event.ts';
import type { ShopEvent } from '../../projections/shop-event.ts';

type ItemParked = Extract<ParkingEvent, { type: 'ItemParked' }>;

interface OrderAccount {
  readonly placed: EventOf<typeof OrderPlaced>['data'];
  /** Number of events of the order, its payment and its shipment, by type. */
  readonly events: Map<string, number>;
  captured: number;
  refunded: number;
  isAtRest: boolean;
}

interface StockAccount {
  onHand: number;
  held: number;
  receipts: number;
  received: number;
  readonly reserved: Map<string, number>;
  readonly shipped: Map<string, number>;
}

const FINAL_EVENTS = ['OrderShipped', 'OrderRejected', 'OrderCancelled'] as const;
/** Event types that an order has at most once. */
const AT_MOST_ONCE = [
  ...FINAL_EVENTS,
  'OrderPlaced',
  'OrderConfirmed',
  'PaymentRequested',
  'PaymentCaptured',
  'RefundRequested',
  'PaymentRefunded',
  'ShipmentRequested',
  'ShipmentDispatched',
  'ShipmentCancelled',
];

const MONEY_EVENTS = ['PaymentCaptured', 'RefundRequested', 'PaymentRefunded'];

/** Money and goods of every order and product, folded from the log alone. Collects violations of the shop's rules. */
export class LogAudit {
  readonly orders = new Map<string, OrderAccount>();
  readonly stock = new Map<string, StockAccount>();
  readonly violations: string[] = [];
  events = 0;
  /** Number of orders that are not at rest. */
  ordersInFlight = 0;

  fold({ event, stream, revision }: RecordedEvent): void {
    this.events += 1;
    const known = event as ShopEvent;
    this.#foldStock(known, `${stream}@${revision}`);
    this.#foldOrder(known, stream);
    // Exceptions of the provider or the carrier may be parked; nothing else may.
    if (event.type === 'ItemParked' && (event as ItemParked).data.subject.kind !== 'exception')
      this.violations.push(`parked: ${JSON.stringify(event.data)}`);
  }

  /** Returns `shipped`, `rejected` or `cancelled`; undefined for an order without a final event. */
  outcomeOf(orderId: string): string | undefined {
    const events = this.orders.get(orderId)?.events;
    return FINAL_EVENTS.find((type) => events?.has(type))
      ?.slice('Order'.length)
      .toLowerCase();
  }

  /**
   * Checks every order and product once all are at rest, and returns all violations. `providerPayment` returns the
   * payment provider's record of an order.
   */
  findViolations(
    providerPayment: (orderId: string) => { readonly charged: number; readonly refunded: number },
  ): readonly string[] {
    for (const [orderId, order] of this.orders) {
      const { events, placed, captured, refunded } = order;
      const report = (violation: string) => this.violations.push(`${orderId}: ${violation}`);
      if (!order.isAtRest) report('not at rest');
      for (const type of AT_MOST_ONCE)
        if ((events.get(type) ?? 0) > 1) report(`${type} ${events.get(type)} times`);
      const finalEvents = FINAL_EVENTS.filter((type) => events.has(type));
      if (finalEvents.length !== 1) report(`final events: ${finalEvents.join(' and ') || 'none'}`);
      const shipped = events.has('OrderShipped');
      if (shipped !== events.has('ShipmentDispatched')) report('order and shipment differ');
      if (shipped && events.has('ShipmentCancelled')) report('shipped, and shipment cancelled');
      if (events.has('OrderCancelled') && !events.has('ShipmentCancelled'))
        report('order cancelled, shipment not cancelled');

      const provider = providerPayment(orderId);
      if (captured !== provider.charged)
        report(`captured ${captured}, the provider charged ${provider.charged}`);
      if (refunded !== provider.refunded)
        report(`refunded ${refunded}, the provider refunded ${provider.refunded}`);
      const due = shipped && !events.has('RefundRequested') ? placed.total.amount : 0;
      if (captured - refunded !== due) report(`captured ${captured}, refunded ${refunded}, due ${due}`);
      if (captured !== 0 && captured !== placed.total.amount)
        report(`charged ${captured} of ${placed.total.amount}`);

      for (const { productId, quantity } of placed.lines) {
        const stock = this.#stockOf(productId);
        const committed = stock.shipped.get(orderId) ?? 0;
        if (committed !== (shipped ? quantity : 0)) report(`${committed} of ${productId} left the stock`);
        const reserved = stock.reserved.get(orderId) ?? 0;
        if (reserved !== 0) report(`${reserved} of ${productId} still reserved`);
      }
    }
    return this.violations;
  }

  #foldOrder(event: ShopEvent, stream: string): void {
    if (!('orderId' in event.data)) return;
    const { orderId } = event.data;
    if (event.type === 'OrderPlaced') {
      if (this.orders.has(orderId)) this.violations.push(`${orderId}: placed twice`);
      const events = new Map<string, number>();
      this.orders.set(orderId, { placed: event.data, events, captured: 0, refunded: 0, isAtRest: false });
      this.ordersInFlight += 1;
    }
    const order = this.orders.get(orderId);
    if (order === undefined) {
      this.violations.push(`${event.type} of ${orderId}, which was never placed`);
      return;
    }
    const wasAtRest = order.isAtRest;
    if (stream.startsWith('fulfilment-')) {
      if (event.type !== 'FulfilmentDelivered') order.isAtRest = event.type === 'FulfilmentCompleted';
    } else if (!stream.startsWith('inventory-')) {
      order.events.set(event.type, (order.events.get(event.type) ?? 0) + 1);
    }
    if (event.type === 'PaymentCaptured') order.captured += event.data.amount.amount;
    if (event.type === 'PaymentRefunded') order.refunded += event.data.amount.amount;
    // The process manager has not handled an event about money yet.
    if (MONEY_EVENTS.includes(event.type)) order.isAtRest = false;
    this.ordersInFlight += Number(wasAtRest) - Number(order.isAtRest);
  }

  #foldStock(event: ShopEvent, at: string): void {
    if (!('productId' in event.data)) return;
    const stock = this.#stockOf(event.data.productId);
    switch (event.type) {
      case 'StockReceived':
        stock.receipts += 1;
        stock.received += event.data.quantity;
        stock.onHand += event.data.quantity;
        break;
      case 'StockOpened':
      case 'StockAdjusted':
        stock.onHand += event.data.quantity;
        break;
      case 'StockReserved':
        if (stock.reserved.has(event.data.orderId)) this.violations.push(`${at}: reserved twice`);
        stock.reserved.set(event.data.orderId, event.data.quantity);
        stock.held += event.data.quantity;
        break;
      case 'StockReleased':
      case 'StockCommitted': {
        const { orderId, quantity } = event.data;
        const held = stock.reserved.get(orderId) ?? 0;
        if (held !== quantity)
          this.violations.push(`${at}: ${event.type} of ${quantity}, but ${held} were reserved`);
        stock.reserved.delete(orderId);
        stock.held -= quantity;
        if (event.type === 'StockCommitted') {
          if (stock.shipped.has(orderId)) this.violations.push(`${at}: committed twice`);
          stock.shipped.set(orderId, quantity);
          stock.onHand -= quantity;
        }
        break;
      }
      default:
        return;
    }
    if (stock.onHand < 0 || stock.held < 0 || stock.held > stock.onHand)
      this.violations.push(`${at}: ${stock.onHand} on hand, ${stock.held} reserved`);
  }

  #stockOf(productId: string): StockAccount {
    const known = this.stock.get(productId);
    if (known !== undefined) return known;
    const none = { onHand: 0, held: 0, receipts: 0, received: 0 };
    const stock = { ...none, reserved: new Map(), shipped: new Map() };
    this.stock.set(productId, stock);
    return stock;
  }
}
