/** Examples of command responses for the OpenAPI document, all about one order of one shop. */
const gbp = (amount: number) => ({ amount, currency: 'GBP' });
const orderId = '01a20184-bd75-737b-b1d4-a86ccd3d3e63';
const lantern = { productId: '22000A', name: 'Paper lantern', price: gbp(255) };

export const examples = {
  itemCreated: { ...lantern, quantity: 10, revision: '0', position: '4411' },
  itemChanged: { ...lantern, price: gbp(295), revision: '1', position: '10423' },
  stockChanged: {
    productId: '22000A',
    quantity: 100,
    onHand: 107,
    reserved: 0,
    available: 107,
    revision: '3',
    position: '10611',
  },
  orderPlaced: {
    orderId,
    status: 'placed',
    customerId: 'ann@example.com',
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
    placedAt: '2026-01-31T12:00:00.000Z',
    revision: '0',
    position: '5197',
  },
  orderCancelled: { orderId, status: 'cancelled', revision: '2', position: '6044' },
  dispatched: {
    orderId,
    status: 'dispatched',
    carrier: 'Royal Mail',
    trackingNumber: 'RM123456789GB',
    revision: '1',
    position: '6120',
  },
  refunded: { orderId, status: 'refunded', amount: gbp(765), revision: '3', position: '7001' },
  resolved: { orderId, status: 'captured', amount: gbp(765), revision: '1', position: '6950' },
  parkedStep: {
    id: '5f7c2d0a9b1e4c3d8f6a7b21',
    group: 'fulfilment',
    kind: 'event',
    stream: `order-${orderId}`,
    revision: '0',
    type: 'OrderPlaced',
    orderId,
    reason: 'the inventory did not answer',
    at: '2026-01-31T12:00:00.000Z',
    times: 2,
    status: 'parked',
  },
  replay: { id: '5f7c2d0a9b1e4c3d8f6a7b21', status: 'replaying', revision: '17', position: '9120' },
  replayOfAll: { requested: 12, revision: '29', position: '9240' },
  discard: { id: '5f7c2d0a9b1e4c3d8f6a7b21', status: 'discarded', revision: '18', position: '9131' },
} as const;
