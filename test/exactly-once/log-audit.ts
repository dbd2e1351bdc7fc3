import type { EventOf } from '../../domain/kernel/event.ts';
import type { OrderPlaced } from '../../domain/order/events.ts';
import type { ParkingEvent } from '../../domain/parking/events.ts';
import type { RecordedEvent } from '../../event-store/codec/recorded-event.ts';
import type { ShopEvent } from '../../projections/shop-event.ts';

type ItemParked = Extract<ParkingEvent, { type: 'ItemParked' }>;

interface OrderAccount {
  readonly placed: EventOf<typeof OrderPlaced>['data'];
  /** How often each event of the order, its payment and its shipment was recorded. */
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

const ENDS = ['OrderShipped', 'OrderRejected', 'OrderCancelled'] as const;
/** What may be recorded of an order once at most. */
const ONCE = [
  ...ENDS,
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

const MONEY = ['PaymentCaptured', 'RefundRequested', 'PaymentRefunded'];

/** Money and goods of every order and product, folded from the log alone; collects whatever is wrong on the way. */
export class Accounts {
  readonly orders = new Map<string, OrderAccount>();
  readonly stock = new Map<string, StockAccount>();
  readonly wrongs: string[] = [];
  events = 0;
  /** Orders that somebody still has to do something about. */
  underWay = 0;

  fold({ event, stream, revision }: RecordedEvent): void {
    this.events += 1;
    const known = event as ShopEvent;
    this.#foldStock(known, `${stream}@${revision}`);
    this.#foldOrder(known, stream);
    // Exceptions of the provider or the carrier are expected to be parked.
    if (event.type === 'ItemParked' && (event as ItemParked).data.subject.kind !== 'exception')
      this.wrongs.push(`parked: ${JSON.stringify(event.data)}`);
  }

  /** `shipped`, `rejected` or `cancelled`, once it is at rest. */
  endOf(orderId: string): string | undefined {
    const events = this.orders.get(orderId)?.events;
    return ENDS.find((type) => events?.has(type))
      ?.slice('Order'.length)
      .toLowerCase();
  }

  /** Looks at every order and product when all is at rest; `moved` is what the bank says of an order. */
  close(
    moved: (orderId: string) => { readonly charged: number; readonly refunded: number },
  ): readonly string[] {
    for (const [orderId, order] of this.orders) {
      const { events, placed, captured, refunded } = order;
      const wrong = (what: string) => this.wrongs.push(`${orderId}: ${what}`);
      if (!order.isAtRest) wrong('not at rest');
      for (const type of ONCE) if ((events.get(type) ?? 0) > 1) wrong(`${type} ${events.get(type)} times`);
      const ends = ENDS.filter((type) => events.has(type));
      if (ends.length !== 1) wrong(`ended as ${ends.join(' and ') || 'nothing'}`);
      const shipped = events.has('OrderShipped');
      if (shipped !== events.has('ShipmentDispatched')) wrong('order and shipment disagree');
      if (shipped && events.has('ShipmentCancelled')) wrong('shipped and called off');
      if (events.has('OrderCancelled') && !events.has('ShipmentCancelled'))
        wrong('cancelled, not called off');

      const atBank = moved(orderId);
      if (captured !== atBank.charged) wrong(`captured ${captured}, the bank charged ${atBank.charged}`);
      if (refunded !== atBank.refunded) wrong(`refunded ${refunded}, the bank gave back ${atBank.refunded}`);
      const due = shipped && !events.has('RefundRequested') ? placed.total.amount : 0;
      if (captured - refunded !== due) wrong(`${captured} in, ${refunded} out, ${due} due`);
      if (captured !== 0 && captured !== placed.total.amount)
        wrong(`charged ${captured} of ${placed.total.amount}`);

      for (const { productId, quantity } of placed.lines) {
        const stock = this.#stockOf(productId);
        const left = stock.shipped.get(orderId) ?? 0;
        if (left !== (shipped ? quantity : 0)) wrong(`${left} of ${productId} left the house`);
        const held = stock.reserved.get(orderId) ?? 0;
        if (held !== 0) wrong(`${held} of ${productId} still reserved`);
      }
    }
    return this.wrongs;
  }

  #foldOrder(event: ShopEvent, stream: string): void {
    if (!('orderId' in event.data)) return;
    const { orderId } = event.data;
    if (event.type === 'OrderPlaced') {
      if (this.orders.has(orderId)) this.wrongs.push(`${orderId}: placed again`);
      const events = new Map<string, number>();
      this.orders.set(orderId, { placed: event.data, events, captured: 0, refunded: 0, isAtRest: false });
      this.underWay += 1;
    }
    const order = this.orders.get(orderId);
    if (order === undefined) {
      this.wrongs.push(`${event.type} of ${orderId}, which was never placed`);
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
    // The process manager hears of money that moved, or is to move, only later.
    if (MONEY.includes(event.type)) order.isAtRest = false;
    this.underWay += Number(wasAtRest) - Number(order.isAtRest);
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
        if (stock.reserved.has(event.data.orderId)) this.wrongs.push(`${at}: reserved twice`);
        stock.reserved.set(event.data.orderId, event.data.quantity);
        stock.held += event.data.quantity;
        break;
      case 'StockReleased':
      case 'StockCommitted': {
        const { orderId, quantity } = event.data;
        const held = stock.reserved.get(orderId) ?? 0;
        if (held !== quantity) this.wrongs.push(`${at}: ${event.type} of ${quantity}, ${held} was held`);
        stock.reserved.delete(orderId);
        stock.held -= quantity;
        if (event.type === 'StockCommitted') {
          if (stock.shipped.has(orderId)) this.wrongs.push(`${at}: committed twice`);
          stock.shipped.set(orderId, quantity);
          stock.onHand -= quantity;
        }
        break;
      }
      default:
        return;
    }
    if (stock.onHand < 0 || stock.held < 0 || stock.held > stock.onHand)
      this.wrongs.push(`${at}: ${stock.onHand} on hand, ${stock.held} reserved`);
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
