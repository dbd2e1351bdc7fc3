import type { FulfilmentEvent } from '../../domain/fulfilment/events.ts';
import type { InventoryEvent } from '../../domain/inventory/events.ts';
import { customerId, type OrderId, orderId, type ProductId, productId } from '../../domain/kernel/ids.ts';
import { type Money, money, sum, times } from '../../domain/kernel/money.ts';
import type { OrderEvent } from '../../domain/order/events.ts';
import type { OrderLine } from '../../domain/order/order-line.ts';
import type { PaymentEvent } from '../../domain/payment/events.ts';
import type { ProductEvent } from '../../domain/product/events.ts';
import type { ShipmentEvent } from '../../domain/shipment/events.ts';
import {
  fulfilmentStream,
  inventoryStream,
  orderStream,
  paymentStream,
  productStream,
  shipmentStream,
} from '../../event-catalogue/streams.ts';
import type { EventStore, NewEvent } from '../../event-store/event-store.ts';

export interface Generated {
  readonly orders: number;
  /** Number of the first order, to fill one store in several calls; 0 also creates the products. */
  readonly from?: number;
  /** Final number of orders, which determines the number of customers; default: the orders of this call. */
  readonly of?: number;
}

type ShopEvent = ProductEvent | InventoryEvent | OrderEvent | FulfilmentEvent | PaymentEvent | ShipmentEvent;

const PRODUCTS = 500;
const ORDERS_PER_CUSTOMER = 20;
/** Orders of one batch: their movements of one product are one append. */
const ORDERS_PER_BATCH = 400;
const IN_FLIGHT = 64;
const OPENING_STOCK = 1_000_000_000;
const FIRST_PLACED = Date.parse('2024-01-01T00:00:00.000Z');
const SECONDS_BETWEEN_ORDERS = 90;
const ACTOR = { sub: 'generator', role: 'system' } as const;

/** In the shape of a UUID, so that ids and streams are as long as real ones. */
export const orderIdOf = (index: number): OrderId =>
  orderId(`${index.toString(16).padStart(8, '0')}-5eed-4000-8000-${index.toString(16).padStart(12, '0')}`);
/** Orders of a customer are far apart in the log, as in a real shop. */
export const customerIdOf = (index: number, orders: number): string =>
  `customer-${index % Math.max(1, Math.floor(orders / ORDERS_PER_CUSTOMER))}`;

const price = (product: number): Money => money(95 + (product % 40) * 25, 'GBP');
const name = (product: number): string => `PAPER LANTERN SET OF ${1 + (product % 12)}, PATTERN ${product}`;
const idOf = (product: number): ProductId => productId(`${20_000 + product}A`);

/** An order from placing to delivery: 1 to 3 lines, 15 events plus 2 per line. */
interface OrderHistory {
  readonly orderId: OrderId;
  readonly lines: readonly [OrderLine, ...OrderLine[]];
  readonly total: Money;
  readonly placedAt: string;
  readonly orderPosition: string;
  readonly customerId: ReturnType<typeof customerId>;
}

function historyOf(index: number, orders: number): OrderHistory {
  const first = lineOf(index * 7);
  const others = Array.from({ length: index % 3 }, (_, line) => lineOf(index * 7 + 1 + line));
  const lines = [first, ...others] as const;
  return {
    orderId: orderIdOf(index),
    customerId: customerId(customerIdOf(index, orders)),
    lines,
    total: sum([first.lineTotal, ...others.map(({ lineTotal }) => lineTotal)]),
    placedAt: new Date(FIRST_PLACED + index * SECONDS_BETWEEN_ORDERS * 1_000).toISOString(),
    orderPosition: String(1_000 * (index + 1)),
  };
}

function lineOf(seed: number): OrderLine {
  const product = seed % PRODUCTS;
  const quantity = 1 + (seed % 6);
  const unitPrice = price(product);
  return {
    productId: idOf(product),
    name: name(product),
    quantity,
    unitPrice,
    lineTotal: times(unitPrice, quantity),
  };
}

/**
 * Appends complete orders to an event store: every event that the system itself would record, in a possible order, a few
 * events per append.
 */
export async function generateOrders(
  store: EventStore,
  { orders, from = 0, of = from + orders }: Generated,
): Promise<void> {
  const append = (stream: string, correlationId: string, events: readonly ShopEvent[]) =>
    store.append(
      stream,
      events.map((event, index) => newEvent(event, correlationId, `${stream}:${events[0]?.type}:${index}`)),
      'any',
    );
  if (from === 0)
    await inFlight(
      Array.from({ length: PRODUCTS }, (_, product) => product),
      async (product) => {
        const openingQuantity = OPENING_STOCK;
        const created = {
          productId: idOf(product),
          name: name(product),
          price: price(product),
          openingQuantity,
        };
        await append(productStream(idOf(product)), idOf(product), [
          { type: 'ProductCreated', data: created },
        ]);
        const opened = { productId: idOf(product), quantity: OPENING_STOCK };
        await append(inventoryStream(idOf(product)), idOf(product), [{ type: 'StockOpened', data: opened }]);
      },
    );

  for (let start = from; start < from + orders; start += ORDERS_PER_BATCH) {
    const count = Math.min(ORDERS_PER_BATCH, from + orders - start);
    const histories = Array.from({ length: count }, (_, index) => historyOf(start + index, of));
    await inFlight(histories, (history) => append(orderStream(history.orderId), history.orderId, [placed(history)]));
    await moveStock(store, histories, 'StockReserved');
    await inFlight(histories, async (history) => {
      const { orderId } = history;
      await append(fulfilmentStream(orderId), orderId, fulfilment(history));
      await append(paymentStream(orderId), orderId, payment(history));
      await append(shipmentStream(orderId), orderId, shipment(history));
      await append(orderStream(orderId), orderId, afterwards(history));
    });
    await moveStock(store, histories, 'StockCommitted');
  }
}

/** Appends the movements of these orders, one append per product. */
async function moveStock(
  store: EventStore,
  histories: readonly OrderHistory[],
  type: 'StockReserved' | 'StockCommitted',
): Promise<void> {
  const byProduct = new Map<string, NewEvent[]>();
  for (const { orderId, orderPosition, lines } of histories)
    for (const { productId, quantity } of lines) {
      const event: InventoryEvent = { type, data: { productId, orderId, orderPosition, quantity } };
      const events = byProduct.get(productId) ?? [];
      events.push(newEvent(event, orderId, `${orderId}:${productId}:${type}`));
      byProduct.set(productId, events);
    }
  await inFlight([...byProduct], ([productId, events]) =>
    store.append(inventoryStream(productId), events, 'any'),
  );
}

const newEvent = (event: ShopEvent, correlationId: string, commandId: string): NewEvent => ({
  event,
  metadata: {
    $correlationId: correlationId,
    $causationId: '9a0b6f1e-6f0e-4c39-8f43-0b7f6c1d2e3f',
    commandId,
    actor: ACTOR,
    traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
  },
});

const parcel = (orderId: string) => ({
  carrier: 'Stream Parcels',
  trackingNumber: `SP${orderId.slice(0, 8)}${orderId.slice(-8)}`,
});

function placed({ orderId, customerId, lines, total, placedAt }: OrderHistory): OrderEvent {
  const data = { orderId, customerId, lines: [...lines], total, paymentToken: 'tok_ok', placedAt };
  return { type: 'OrderPlaced', data };
}

function afterwards({ orderId, customerId }: OrderHistory): OrderEvent[] {
  const of = { orderId, customerId };
  return [
    { type: 'OrderConfirmed', data: of },
    { type: 'OrderShipped', data: { ...of, ...parcel(orderId) } },
    { type: 'OrderDelivered', data: of },
  ];
}

function payment({ orderId, customerId, total, placedAt }: OrderHistory): PaymentEvent[] {
  const of = { orderId, customerId, amount: total };
  return [
    { type: 'PaymentRequested', data: { ...of, paymentToken: 'tok_ok' } },
    { type: 'PaymentCaptured', data: { ...of, reference: `sim_${orderId}`, capturedAt: placedAt } },
  ];
}

function shipment({ orderId, customerId, placedAt }: OrderHistory): ShipmentEvent[] {
  const of = { orderId, customerId };
  return [
    { type: 'ShipmentRequested', data: of },
    { type: 'ShipmentDispatched', data: { ...of, ...parcel(orderId), dispatchedAt: placedAt } },
    { type: 'ShipmentDelivered', data: { ...of, deliveredAt: placedAt } },
  ];
}

function fulfilment({
  orderId,
  customerId,
  lines,
  total,
  placedAt,
  orderPosition,
}: OrderHistory): FulfilmentEvent[] {
  const products = lines.map(({ productId, quantity }) => ({ productId, quantity }));
  const timeout = (waitingFor: 'payment' | 'dispatch'): FulfilmentEvent => ({
    type: 'TimeoutScheduled',
    data: { orderId, timeoutId: `${orderId}-${waitingFor}`, waitingFor, attempt: 1, dueAt: placedAt },
  });
  return [
    {
      type: 'FulfilmentStarted',
      data: { orderId, customerId, lines: products, total, paymentToken: 'tok_ok', orderPosition },
    },
    { type: 'StockAllocated', data: { orderId } },
    timeout('payment'),
    { type: 'FulfilmentPaid', data: { orderId } },
    timeout('dispatch'),
    { type: 'FulfilmentDispatched', data: { orderId, ...parcel(orderId) } },
    { type: 'FulfilmentCompleted', data: { orderId, outcome: 'shipped' } },
    { type: 'FulfilmentDelivered', data: { orderId } },
  ];
}

/** One event of an order, to be appended by itself. */
export interface HistoryEvent {
  readonly stream: string;
  readonly event: NewEvent;
  readonly orderId: OrderId;
  readonly productId: ProductId;
}

/** Returns the events of one order in an order in which they could be recorded. */
export function eventsOfOrder(index: number): HistoryEvent[] {
  const history = historyOf(index, index + 1);
  const { orderId, lines, orderPosition } = history;
  const [{ productId }] = lines;
  const stock = (type: 'StockReserved' | 'StockCommitted') =>
    lines.map(({ productId, quantity }): [string, InventoryEvent] => [
      inventoryStream(productId),
      { type, data: { productId, orderId, orderPosition, quantity } },
    ]);
  const on = (stream: string, events: readonly ShopEvent[]) =>
    events.map((event) => [stream, event] as const);
  const events: (readonly [string, ShopEvent])[] = [
    ...on(orderStream(orderId), [placed(history)]),
    ...stock('StockReserved'),
    ...on(fulfilmentStream(orderId), fulfilment(history)),
    ...on(paymentStream(orderId), payment(history)),
    ...on(shipmentStream(orderId), shipment(history)),
    ...on(orderStream(orderId), afterwards(history)),
    ...stock('StockCommitted'),
  ];
  return events.map(([stream, event], index) => ({
    stream,
    orderId,
    productId,
    event: newEvent(event, orderId, `${orderId}:${index}`),
  }));
}

/** Runs the work for all items, 64 at a time. */
async function inFlight<Item>(items: readonly Item[], work: (item: Item) => Promise<unknown>): Promise<void> {
  const left = items.values();
  const worker = async () => {
    for (const item of left) await work(item);
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
}
