import type { FulfilmentEvent } from '../../domain/fulfilment/events.ts';
import type { InventoryEvent } from '../../domain/inventory/events.ts';
import { customerId, type OrderId, orderId, type ProductId, productId } from '../../domain/kernel/ids.ts';
import { type Money, money, sum, times } from '../../domain/kernel/money.ts';
import type { OrderEvent, OrderLine } from '../../domain/order/events.ts';
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
  /** Numbers the first order, so that one store can be filled in several goes; 0 also makes the products. */
  readonly from?: number;
  /** How many there will be in the end, which says how many customers share them; these when absent. */
  readonly of?: number;
}

type ShopEvent = ProductEvent | InventoryEvent | OrderEvent | FulfilmentEvent | PaymentEvent | ShipmentEvent;

const PRODUCTS = 500;
const ORDERS_PER_CUSTOMER = 20;
/** Orders whose stories are told side by side: their movements of one product go into one append. */
const TOGETHER = 400;
const IN_FLIGHT = 64;
const OPENING_STOCK = 1_000_000_000;
const FIRST_PLACED = Date.parse('2024-01-01T00:00:00.000Z');
const SECONDS_BETWEEN_ORDERS = 90;
const ACTOR = { sub: 'generator', role: 'system' } as const;

/** A UUID's shape, so that ids and streams are as long as real ones. */
export const orderIdOf = (index: number): OrderId =>
  orderId(`${index.toString(16).padStart(8, '0')}-5eed-4000-8000-${index.toString(16).padStart(12, '0')}`);
/** Orders of a customer stand far apart in the log, as they do in a shop. */
export const customerIdOf = (index: number, orders: number): string =>
  `customer-${index % Math.max(1, Math.floor(orders / ORDERS_PER_CUSTOMER))}`;

const price = (product: number): Money => money(95 + (product % 40) * 25, 'GBP');
const name = (product: number): string => `PAPER LANTERN SET OF ${1 + (product % 12)}, PATTERN ${product}`;
const idOf = (product: number): ProductId => productId(`${20_000 + product}A`);

/** An order from being placed to being delivered: 1 to 3 lines, 15 events and 2 for each line. */
interface Story {
  readonly orderId: OrderId;
  readonly lines: readonly [OrderLine, ...OrderLine[]];
  readonly total: Money;
  readonly placedAt: string;
  readonly orderPosition: string;
  readonly customerId: ReturnType<typeof customerId>;
}

function storyOf(index: number, orders: number): Story {
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
 * Tells whole stories of orders to an event store: every event that the system itself would have written, in an order in
 * which it could have, a few events to an append.
 */
export async function generateOrders(
  store: EventStore,
  { orders, from = 0, of = from + orders }: Generated,
): Promise<void> {
  const append = (stream: string, story: string, events: readonly ShopEvent[]) =>
    store.append(
      stream,
      events.map((event, index) => newEvent(event, story, `${stream}:${events[0]?.type}:${index}`)),
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

  for (let start = from; start < from + orders; start += TOGETHER) {
    const count = Math.min(TOGETHER, from + orders - start);
    const stories = Array.from({ length: count }, (_, index) => storyOf(start + index, of));
    await inFlight(stories, (story) => append(orderStream(story.orderId), story.orderId, [placed(story)]));
    await moveStock(store, stories, 'StockReserved');
    await inFlight(stories, async (story) => {
      const { orderId } = story;
      await append(fulfilmentStream(orderId), orderId, fulfilment(story));
      await append(paymentStream(orderId), orderId, payment(story));
      await append(shipmentStream(orderId), orderId, shipment(story));
      await append(orderStream(orderId), orderId, afterwards(story));
    });
    await moveStock(store, stories, 'StockCommitted');
  }
}

/** One append for each product that these orders hold. */
async function moveStock(
  store: EventStore,
  stories: readonly Story[],
  type: 'StockReserved' | 'StockCommitted',
): Promise<void> {
  const byProduct = new Map<string, NewEvent[]>();
  for (const { orderId, orderPosition, lines } of stories)
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

const newEvent = (event: ShopEvent, story: string, commandId: string): NewEvent => ({
  event,
  metadata: {
    $correlationId: story,
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

function placed({ orderId, customerId, lines, total, placedAt }: Story): OrderEvent {
  const data = { orderId, customerId, lines: [...lines], total, paymentToken: 'tok_ok', placedAt };
  return { type: 'OrderPlaced', data };
}

function afterwards({ orderId, customerId }: Story): OrderEvent[] {
  const of = { orderId, customerId };
  return [
    { type: 'OrderConfirmed', data: of },
    { type: 'OrderShipped', data: { ...of, ...parcel(orderId) } },
    { type: 'OrderDelivered', data: of },
  ];
}

function payment({ orderId, customerId, total, placedAt }: Story): PaymentEvent[] {
  const of = { orderId, customerId, amount: total };
  return [
    { type: 'PaymentRequested', data: { ...of, paymentToken: 'tok_ok' } },
    { type: 'PaymentCaptured', data: { ...of, reference: `sim_${orderId}`, capturedAt: placedAt } },
  ];
}

function shipment({ orderId, customerId, placedAt }: Story): ShipmentEvent[] {
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
}: Story): FulfilmentEvent[] {
  const wanted = lines.map(({ productId, quantity }) => ({ productId, quantity }));
  const deadline = (waitingFor: 'payment' | 'dispatch'): FulfilmentEvent => ({
    type: 'DeadlineSet',
    data: { orderId, deadlineId: `${orderId}-${waitingFor}`, waitingFor, attempt: 1, dueAt: placedAt },
  });
  return [
    {
      type: 'FulfilmentStarted',
      data: { orderId, customerId, lines: wanted, total, paymentToken: 'tok_ok', orderPosition },
    },
    { type: 'StockAllocated', data: { orderId } },
    deadline('payment'),
    { type: 'FulfilmentPaid', data: { orderId } },
    deadline('dispatch'),
    { type: 'FulfilmentDispatched', data: { orderId, ...parcel(orderId) } },
    { type: 'FulfilmentCompleted', data: { orderId, outcome: 'shipped' } },
    { type: 'FulfilmentDelivered', data: { orderId } },
  ];
}

/** One event of a story, as it is appended by itself. */
export interface StoryEvent {
  readonly stream: string;
  readonly event: NewEvent;
  readonly orderId: OrderId;
  readonly productId: ProductId;
}

/** The story of one order, of as many as that one stands behind, event by event. */
export function storyEvents(index: number): StoryEvent[] {
  const story = storyOf(index, index + 1);
  const { orderId, lines, orderPosition } = story;
  const [{ productId }] = lines;
  const stock = (type: 'StockReserved' | 'StockCommitted') =>
    lines.map(({ productId, quantity }): [string, InventoryEvent] => [
      inventoryStream(productId),
      { type, data: { productId, orderId, orderPosition, quantity } },
    ]);
  const on = (stream: string, events: readonly ShopEvent[]) =>
    events.map((event) => [stream, event] as const);
  const told: (readonly [string, ShopEvent])[] = [
    ...on(orderStream(orderId), [placed(story)]),
    ...stock('StockReserved'),
    ...on(fulfilmentStream(orderId), fulfilment(story)),
    ...on(paymentStream(orderId), payment(story)),
    ...on(shipmentStream(orderId), shipment(story)),
    ...on(orderStream(orderId), afterwards(story)),
    ...stock('StockCommitted'),
  ];
  return told.map(([stream, event], index) => ({
    stream,
    orderId,
    productId,
    event: newEvent(event, orderId, `${orderId}:${index}`),
  }));
}

/** So many pieces of work at once. */
async function inFlight<Item>(items: readonly Item[], work: (item: Item) => Promise<unknown>): Promise<void> {
  const left = items.values();
  const worker = async () => {
    for (const item of left) await work(item);
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
}
