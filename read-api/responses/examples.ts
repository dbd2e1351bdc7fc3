/** Examples for the OpenAPI document, all about one order of one shop. */
const gbp = (amount: number) => ({ amount, currency: 'GBP' });
const orderId = '01a20184-bd75-737b-b1d4-a86ccd3d3e63';
const customerId = 'ann@example.com';
const placedAt = '2026-01-31T12:00:00.000Z';
const capturedAt = '2026-01-31T12:00:00.121Z';
const dispatchedAt = '2026-01-31T15:30:00.000Z';
const parcel = { carrier: 'Royal Mail', trackingNumber: 'RM123456789GB' };

export const examples = {
  order: {
    orderId,
    customerId,
    status: 'shipped',
    items: [
      {
        productId: '22000A',
        name: 'Paper lantern',
        quantity: 3,
        unitPrice: gbp(255),
        lineTotal: gbp(765),
      },
    ],
    total: gbp(765),
    payment: { status: 'captured', capturedAt },
    shipment: { status: 'dispatched', ...parcel, dispatchedAt },
    placedAt,
    updatedAt: '2026-01-31T15:30:00.087Z',
    revision: '2',
  },
  timelineEntry: {
    type: 'OrderConfirmed',
    stream: `order-${orderId}`,
    revision: '1',
    at: '2026-01-31T12:00:00.164Z',
    data: { orderId, customerId },
    causationId: '0b7d2f6e-5d0a-4d4e-9d53-2f1f5a6b7c80',
  },
  item: {
    productId: '22000A',
    name: 'Paper lantern',
    price: gbp(255),
    onHand: 7,
    reserved: 0,
    available: 7,
    revision: '0',
    stockRevision: '2',
  },
  movement: { type: 'StockReserved', quantity: 3, orderId, at: '2026-01-31T12:00:00.064Z', revision: '1' },
  payment: {
    orderId,
    customerId,
    status: 'captured',
    amount: gbp(765),
    reference: 'pay_5f7c2d',
    requestedAt: '2026-01-31T12:00:00.090Z',
    capturedAt,
    updatedAt: '2026-01-31T12:00:00.130Z',
    revision: '1',
  },
  shipment: {
    orderId,
    customerId,
    status: 'dispatched',
    ...parcel,
    openedAt: '2026-01-31T12:00:00.180Z',
    requestedAt: '2026-01-31T12:00:00.180Z',
    dispatchedAt,
    updatedAt: '2026-01-31T15:30:00.040Z',
    revision: '1',
  },
  customer: {
    customerId,
    orders: 4,
    byStatus: { placed: 0, confirmed: 1, shipped: 1, delivered: 1, rejected: 0, cancelled: 1 },
    spent: [gbp(2295)],
    firstOrderAt: '2025-11-02T09:14:00.000Z',
    lastOrderAt: placedAt,
  },
  salesDay: { date: '2026-01-31', orders: 12, units: 48, revenue: gbp(12_240) },
  salesOfProduct: {
    date: '2026-01-31',
    productId: '22000A',
    name: 'Paper lantern',
    orders: 5,
    units: 15,
    revenue: gbp(3_825),
  },
  salesToCustomer: { date: '2026-01-31', customerId, orders: 1, units: 3, revenue: gbp(765) },
  projectionStatus: { name: 'orders', generation: 1, position: '10423', lagMs: 0, status: 'live' },
} as const;
