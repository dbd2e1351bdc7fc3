import type { WaitKind } from '../../domain/fulfilment/events.ts';
import { customerId, orderId, productId } from '../../domain/kernel/ids.ts';
import { type Money, money } from '../../domain/kernel/money.ts';
import type { PersonalData } from '../../domain/kernel/personal-data.ts';
import type { ShopEvent } from '../shop-event.ts';

type DataOf<Type extends ShopEvent['type']> = Extract<ShopEvent, { type: Type }>['data'];

export const pounds = (amount: number): Money => money(amount, 'GBP');

export const ofOrder = (id: string, customer = 'ann') => ({
  orderId: orderId(id),
  customerId: customerId(customer),
});

/** Lines as `[productId, quantity, unit price in pence]`. */
export function orderPlaced(
  id: string,
  lines: readonly (readonly [string, number, number])[],
  more: { readonly customer?: string; readonly placedAt?: string; readonly shipTo?: PersonalData } = {},
): ShopEvent {
  const data: DataOf<'OrderPlaced'> = {
    ...ofOrder(id, more.customer),
    lines: lines.map(([product, quantity, price]) => ({
      productId: productId(product),
      name: `the ${product}`,
      quantity,
      unitPrice: pounds(price),
      lineTotal: pounds(price * quantity),
    })),
    total: pounds(lines.reduce((total, [, quantity, price]) => total + quantity * price, 0)),
    paymentToken: 'tok_secret',
    ...(more.shipTo && { shipTo: more.shipTo }),
    placedAt: more.placedAt ?? '2026-03-01T12:00:00.000Z',
  };
  return { type: 'OrderPlaced', data };
}

export const orderConfirmed = (id: string, customer?: string): ShopEvent => ({
  type: 'OrderConfirmed',
  data: ofOrder(id, customer),
});

export const orderShipped = (id: string, customer?: string): ShopEvent => ({
  type: 'OrderShipped',
  data: { ...ofOrder(id, customer), carrier: 'Post', trackingNumber: 'T1' },
});

export const orderCancelled = (id: string, customer?: string): ShopEvent => ({
  type: 'OrderCancelled',
  data: { ...ofOrder(id, customer), reason: 'changed my mind', cancelledBy: customer ?? 'ann' },
});

export const orderRejected = (id: string, customer?: string): ShopEvent => ({
  type: 'OrderRejected',
  data: {
    ...ofOrder(id, customer),
    reason: 'out of stock',
    short: [{ productId: 'mug', requested: 3, available: 1 }],
  },
});

export const paymentRequested = (id: string, amount: number, customer?: string): ShopEvent => ({
  type: 'PaymentRequested',
  data: { ...ofOrder(id, customer), amount: pounds(amount), paymentToken: 'tok_secret' },
});

export const paymentCaptured = (
  id: string,
  amount: number,
  capturedAt: string,
  customer?: string,
): ShopEvent => ({
  type: 'PaymentCaptured',
  data: { ...ofOrder(id, customer), amount: pounds(amount), reference: 'pay_1', capturedAt },
});

export const paymentRefunded = (
  id: string,
  amount: number,
  refundedAt: string,
  customer?: string,
): ShopEvent => ({
  type: 'PaymentRefunded',
  data: {
    ...ofOrder(id, customer),
    amount: pounds(amount),
    reason: 'cancelled',
    reference: 'ref_1',
    refundedAt,
  },
});

export const shipmentRequested = (id: string, customer?: string): ShopEvent => ({
  type: 'ShipmentRequested',
  data: ofOrder(id, customer),
});

export const shipmentDispatched = (id: string, customer?: string): ShopEvent => ({
  type: 'ShipmentDispatched',
  data: {
    ...ofOrder(id, customer),
    carrier: 'Post',
    trackingNumber: 'T1',
    dispatchedAt: '2026-03-01T13:00:00.000Z',
  },
});

export const shipmentCancelled = (id: string, customer?: string): ShopEvent => ({
  type: 'ShipmentCancelled',
  data: { ...ofOrder(id, customer), cancelledBy: customer ?? 'ann' },
});

export const exceptionRecorded = (id: string, number = 1): ShopEvent => ({
  type: 'FulfilmentExceptionRecorded',
  data: {
    orderId: orderId(id),
    number,
    kind: 'dispatched-after-cancel',
    detail: `Post took the parcel T${number} after the shipment was cancelled`,
    at: '2026-03-01T13:00:00.000Z',
  },
});

export const productCreated = (product: string, name: string, price = 255): ShopEvent => ({
  type: 'ProductCreated',
  data: { productId: productId(product), name, price: pounds(price), openingQuantity: 0 },
});

export const productRetired = (product: string): ShopEvent => ({
  type: 'ProductRetired',
  data: { productId: productId(product), retiredBy: 'operator' },
});

export const stockReceived = (product: string, quantity: number): ShopEvent => ({
  type: 'StockReceived',
  data: { productId: productId(product), quantity },
});

type Reservation = 'StockReserved' | 'StockReleased' | 'StockCommitted';
export const reservation = (
  type: Reservation,
  product: string,
  order: string,
  quantity: number,
): ShopEvent => ({
  type,
  data: {
    productId: productId(product),
    orderId: orderId(order),
    orderPosition: '100',
    quantity,
  },
});

export const timeoutScheduled = (
  id: string,
  timeoutId: string,
  dueAt: string,
  waitingFor: WaitKind = 'payment',
): ShopEvent => ({
  type: 'TimeoutScheduled',
  data: { orderId: orderId(id), timeoutId, waitingFor, attempt: 1, dueAt },
});
