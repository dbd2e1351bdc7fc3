import type { DomainEvent } from '../../domain/kernel/event.ts';
import type { RecordedEvent } from '../../event-store/codec/recorded-event.ts';
import type { ShopEvent } from '../shop-event.ts';
import { type Check, Differences } from './check.ts';

interface Stock {
  /** Sum of opened, received and adjusted units. */
  entered: number;
  committed: number;
  /** Units by order. */
  readonly reserved: Map<string, number>;
  reservedTotal: number;
}

interface Order {
  readonly total: { readonly amount: number; readonly currency: string };
  isShipped: boolean;
  /** Fulfilment has nothing left to do. */
  isAtRest: boolean;
  captured: number;
  refunded: number;
}

/** Sums up stock and money from the events alone, and reconciles them. Sums are exact below 2^53. */
export class Reconciliation {
  readonly #stock = new Map<string, Stock>();
  readonly #orders = new Map<string, Order>();
  readonly #belowZero = new Differences();

  apply(recorded: RecordedEvent): void {
    const event = recorded.event as DomainEvent & ShopEvent;
    this.#applyToStock(event, recorded);
    this.#applyToOrder(event, recorded.stream);
  }

  /** Returns the checks. `onHand` returns a product's stock on hand according to the read model. */
  checks(onHand: (productId: string) => number | undefined): Check[] {
    return [
      this.#belowZero.check('no product was ever below zero', 'on hand and available never below zero'),
      this.#stockAddsUp(onHand),
      this.#nothingReserved(),
      ...this.#money(),
    ];
  }

  #applyToStock(event: ShopEvent, { stream, revision }: RecordedEvent): void {
    switch (event.type) {
      case 'StockOpened':
      case 'StockReceived':
      case 'StockAdjusted':
        this.#stockOf(event.data.productId).entered += event.data.quantity;
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
    const onHand = stock.entered - stock.committed;
    const available = onHand - stock.reservedTotal;
    if (onHand < 0 || available < 0 || stock.reservedTotal < 0)
      this.#belowZero.add(
        `after ${stream}@${revision} ${onHand} on hand, ${stock.reservedTotal} reserved, ${available} available`,
      );
  }

  #applyToOrder(event: ShopEvent, stream: string): void {
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
    // Any fulfilment event but a delivery reopens an order at rest.
    if (stream.startsWith('fulfilment-') && event.type !== 'FulfilmentDelivered')
      order.isAtRest = event.type === 'FulfilmentCompleted';
  }

  #stockAddsUp(onHand: (productId: string) => number | undefined): Check {
    const differences = new Differences();
    for (const [productId, { entered, committed }] of this.#stock) {
      const shown = onHand(productId) ?? 0;
      if (entered !== shown + committed)
        differences.add(`${productId}: ${entered} entered, ${shown} on hand and ${committed} committed`);
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

  /** Leaves out orders that are not at rest, and shipped orders that were refunded, on both sides. */
  #money(): Check[] {
    const sums = new Map<string, { revenue: bigint; received: bigint; atRest: number; inProgress: number }>();
    for (const { total, isShipped, isAtRest, captured, refunded } of this.#orders.values()) {
      const sum = sums.get(total.currency) ?? { revenue: 0n, received: 0n, atRest: 0, inProgress: 0 };
      sums.set(total.currency, sum);
      sum[isAtRest ? 'atRest' : 'inProgress'] += 1;
      if (!isAtRest) continue;
      if (isShipped && refunded === 0) sum.revenue += BigInt(total.amount);
      sum.received += BigInt(captured) - BigInt(refunded);
    }
    return [...sums].map(([currency, { revenue, received, atRest, inProgress }]) => ({
      name: `captured less refunded = revenue of shipped orders (${currency}, ${atRest} orders at rest, ${inProgress} in progress)`,
      ok: revenue === received,
      expected: `${revenue}`,
      actual: `${received}`,
    }));
  }

  #stockOf(productId: string): Stock {
    const known = this.#stock.get(productId);
    if (known !== undefined) return known;
    const stock: Stock = { entered: 0, committed: 0, reserved: new Map(), reservedTotal: 0 };
    this.#stock.set(productId, stock);
    return stock;
  }

  #reserve(productId: string, orderId: string, by: number): void {
    const stock = this.#stockOf(productId);
    const quantity = (stock.reserved.get(orderId) ?? 0) + by;
    if (quantity === 0) stock.reserved.delete(orderId);
    else stock.reserved.set(orderId, quantity);
    stock.reservedTotal += by;
  }
}
