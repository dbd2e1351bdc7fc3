import type { DomainEvent } from '../../domain/kernel/event.ts';
import type { RecordedEvent } from '../../event-store/codec/recorded-event.ts';
import type { ShopEvent } from '../shop-event.ts';
import { type Check, Differences } from './check.ts';

interface Stock {
  /** Opened, received and adjusted, all together. */
  came: number;
  committed: number;
  /** By order. */
  readonly reserved: Map<string, number>;
  reservedInAll: number;
}

interface Order {
  readonly total: { readonly amount: number; readonly currency: string };
  isShipped: boolean;
  /** Its process manager has nothing left to do. */
  isAtRest: boolean;
  captured: number;
  refunded: number;
}

/** What the events alone say of stock and money; sums are exact below 2^53. */
export class Reconciliation {
  readonly #stock = new Map<string, Stock>();
  readonly #orders = new Map<string, Order>();
  readonly #belowZero = new Differences();

  fold(recorded: RecordedEvent): void {
    const event = recorded.event as DomainEvent & ShopEvent;
    this.#foldStock(event, recorded);
    this.#foldOrder(event, recorded.stream);
  }

  /** `onHand` answers what the read model says of a product's stock. */
  checks(onHand: (productId: string) => number | undefined): Check[] {
    return [
      this.#belowZero.check('no product was ever below zero', 'on hand and available never below zero'),
      this.#stockAddsUp(onHand),
      this.#nothingReserved(),
      ...this.#money(),
    ];
  }

  #foldStock(event: ShopEvent, { stream, revision }: RecordedEvent): void {
    switch (event.type) {
      case 'StockOpened':
      case 'StockReceived':
      case 'StockAdjusted':
        this.#stockOf(event.data.productId).came += event.data.quantity;
        break;
      case 'StockReserved':
        this.#reserve(event.data.productId, event.data.orderId, event.data.quantity);
        break;
      case 'StockReleased':
        this.#reserve(event.data.productId, event.data.orderId, -event.data.quantity);
        break;
      case 'StockCommitted':
        this.#reserve(event.data.productId, event.data.orderId, -event.data.quantity);
        this.#stockOf(event.data.productId).committed += event.data.quantity;
        break;
      default:
        return;
    }
    const stock = this.#stockOf(event.data.productId);
    const onHand = stock.came - stock.committed;
    const available = onHand - stock.reservedInAll;
    if (onHand < 0 || available < 0 || stock.reservedInAll < 0)
      this.#belowZero.add(
        `after ${stream}@${revision} ${onHand} on hand, ${stock.reservedInAll} reserved, ${available} available`,
      );
  }

  #foldOrder(event: ShopEvent, stream: string): void {
    if (!('orderId' in event.data)) return;
    const { orderId } = event.data;
    if (event.type === 'OrderPlaced') {
      const { total } = event.data;
      this.#orders.set(orderId, { total, isShipped: false, isAtRest: false, captured: 0, refunded: 0 });
    }
    const order = this.#orders.get(orderId);
    if (order === undefined) return;
    if (event.type === 'OrderShipped') order.isShipped = true;
    if (event.type === 'PaymentCaptured') order.captured += event.data.amount.amount;
    if (event.type === 'PaymentRefunded') order.refunded += event.data.amount.amount;
    // Money that moved is known to the process manager only later.
    if (event.type === 'PaymentCaptured' || event.type === 'PaymentRefunded') order.isAtRest = false;
    // A delivery opens nothing again; whatever else the process manager learns does.
    if (stream.startsWith('fulfilment-') && event.type !== 'FulfilmentDelivered')
      order.isAtRest = event.type === 'FulfilmentCompleted';
  }

  #stockAddsUp(onHand: (productId: string) => number | undefined): Check {
    const differences = new Differences();
    for (const [productId, { came, committed }] of this.#stock) {
      const shown = onHand(productId) ?? 0;
      if (came !== shown + committed)
        differences.add(`${productId}: ${came} came, ${shown} on hand and ${committed} committed`);
    }
    return differences.check(
      'received, opened and adjusted = on hand + committed, per product',
      `${this.#stock.size} products, all add up`,
    );
  }

  #nothingReserved(): Check {
    const differences = new Differences();
    for (const [productId, { reserved }] of this.#stock)
      for (const [orderId, quantity] of reserved)
        if (this.#orders.get(orderId)?.isAtRest === true)
          differences.add(`${quantity} of ${productId} for order ${orderId}`);
    return differences.check('nothing is reserved for orders at rest', 'nothing reserved');
  }

  /** Orders under way are left out on both sides, and so are those given back after they were shipped. */
  #money(): Check[] {
    const sums = new Map<string, { revenue: bigint; received: bigint; atRest: number; underWay: number }>();
    for (const { total, isShipped, isAtRest, captured, refunded } of this.#orders.values()) {
      const sum = sums.get(total.currency) ?? { revenue: 0n, received: 0n, atRest: 0, underWay: 0 };
      sums.set(total.currency, sum);
      sum[isAtRest ? 'atRest' : 'underWay'] += 1;
      if (!isAtRest) continue;
      if (isShipped && refunded === 0) sum.revenue += BigInt(total.amount);
      sum.received += BigInt(captured) - BigInt(refunded);
    }
    return [...sums].map(([currency, { revenue, received, atRest, underWay }]) => ({
      name: `captured less refunded = revenue of shipped orders (${currency}, ${atRest} orders at rest, ${underWay} under way)`,
      ok: revenue === received,
      expected: `${revenue}`,
      actual: `${received}`,
    }));
  }

  #stockOf(productId: string): Stock {
    const known = this.#stock.get(productId);
    if (known !== undefined) return known;
    const stock: Stock = { came: 0, committed: 0, reserved: new Map(), reservedInAll: 0 };
    this.#stock.set(productId, stock);
    return stock;
  }

  #reserve(productId: string, orderId: string, by: number): void {
    const stock = this.#stockOf(productId);
    const quantity = (stock.reserved.get(orderId) ?? 0) + by;
    if (quantity === 0) stock.reserved.delete(orderId);
    else stock.reserved.set(orderId, quantity);
    stock.reservedInAll += by;
  }
}
