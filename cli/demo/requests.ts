import { type ApiRequest, pathPart } from '../http/answer.ts';
import type { DemoOrder } from './orders.ts';
import type { DemoProduct } from './products.ts';

// The keys are the same in every run: a request that an earlier run has sent does nothing again.

export const createProduct = ({
  productId,
  name,
  description,
  price,
  quantity,
}: DemoProduct): ApiRequest => ({
  method: 'POST',
  path: '/api/v1/inventory/items',
  idempotencyKey: `demo-product-${productId}`,
  body: { productId, name, price: { amount: price, currency: 'GBP' }, quantity, description },
});

export const placeOrder = ({ number, customerId, items, payment }: DemoOrder): ApiRequest => ({
  method: 'POST',
  path: '/api/v1/orders',
  idempotencyKey: `demo-order-${number}`,
  body: { customerId, items, payment },
});

export const cancelOrder = (orderId: string): ApiRequest => ({
  method: 'POST',
  path: `/api/v1/orders/${pathPart(orderId)}/cancel`,
  idempotencyKey: 'demo-cancel',
  body: { reason: 'changed my mind' },
});

export const dispatchOrder = (orderId: string): ApiRequest => ({
  method: 'POST',
  path: `/api/v1/shipments/${pathPart(orderId)}/dispatch`,
  idempotencyKey: 'demo-dispatch',
  body: { carrier: 'Demo Parcels', trackingNumber: `DP-${orderId.slice(-8).toUpperCase()}` },
});

export const deliverOrder = (orderId: string): ApiRequest => ({
  method: 'POST',
  path: `/api/v1/shipments/${pathPart(orderId)}/deliver`,
  idempotencyKey: 'demo-deliver',
  body: {},
});
