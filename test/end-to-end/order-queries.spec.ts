import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gbp, type ShopClient, startShop } from '../support/shop.ts';
import type { System } from '../support/system.ts';

describe('queries of orders', () => {
  let system: System;
  let shop: ShopClient;
  /** Shipped orders of ann, in the order of placing. */
  const annsOrders: string[] = [];
  let bobsOrder: string;
  let rejected: string;

  beforeAll(async () => {
    ({ system, shop } = await startShop());
    await shop.createItem('clock', 0, gbp(1), 'Zz clock');
    await shop.createItem('85123A', 100, gbp(255), 'WHITE HANGING HEART T-LIGHT HOLDER');
    await shop.createItem('71053', 100, gbp(339), 'White Metal Lantern');
    await shop.createItem('21730', 0, gbp(425), 'Glass star frosted t-light holder');
    for (let n = 0; n < 11; n++) annsOrders.push(await shop.placeOne('85123A', 1));
    bobsOrder = await shop.placeOne('71053', 2, 'tok_ok', 'bob');
    rejected = await shop.placeOne('21730', 3, 'tok_ok', 'bob');
    const evesOrder = await shop.placeOne('71053', 2, 'tok_ok', 'eve');
    for (const orderId of [...annsOrders, bobsOrder, rejected, evesOrder])
      await shop.waitForCompletion(orderId, 'clock');
  });
  afterAll(() => system.stop());

  const ids = (orders: readonly { orderId: string }[]) => orders.map(({ orderId }) => orderId);
  const customer = (sub: string) => ({ token: shop.customer(sub) });

  describe('of the list and of one order', () => {
    it('returns an order with all fields of the contract', async () => {
      const order = await shop.get(`/orders/${bobsOrder}`, customer('bob'));
      expect(order.status).toBe(200);
      expect(order.body).toEqual({
        orderId: bobsOrder,
        customerId: 'bob',
        status: 'shipped',
        items: [
          {
            productId: '71053',
            name: 'White Metal Lantern',
            quantity: 2,
            unitPrice: gbp(339),
            lineTotal: gbp(678),
          },
        ],
        total: gbp(678),
        payment: expect.objectContaining({ status: 'captured' }),
        shipment: expect.objectContaining({ status: 'dispatched' }),
        placedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        updatedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        revision: expect.stringMatching(/^\d+$/),
      });
      expect(await shop.get(`/orders/${rejected}`)).toMatchObject({
        body: {
          status: 'rejected',
          rejection: {
            reason: expect.any(String),
            short: [{ productId: '21730', requested: 3, available: 0 }],
          },
        },
      });
    });

    it('lists all orders, newest first, each once for any page size', async () => {
      const all = await shop.allPages('/orders', 200);
      expect(all).toHaveLength(14);
      for (const limit of [1, 3, 7, 14]) expect(ids(await shop.allPages('/orders', limit))).toEqual(ids(all));
      expect(ids(await shop.allPages('/orders?customerId=ann', 4))).toEqual([...annsOrders].reverse());
      const times = all.map(({ placedAt }: { placedAt: string }) => placedAt);
      expect(times).toEqual([...times].sort().reverse());
    });

    it('neither skips nor repeats earlier orders when a new order is placed between two pages', async () => {
      const { body } = await shop.get('/orders?customerId=ann&limit=4');
      const late = await shop.placeOne('85123A', 1);
      await shop.waitForCompletion(late, 'clock');
      const rest = await shop.get(`/orders?customerId=ann&limit=200&cursor=${body.next}`);
      expect([...ids(body.items), ...ids(rest.body.items)]).toEqual([...annsOrders].reverse());
      annsOrders.push(late);
    });

    it('filters orders by status and customer', async () => {
      expect(ids((await shop.get('/orders?status=rejected')).body.items)).toEqual([rejected]);
      expect(ids((await shop.get('/orders?status=shipped&customerId=bob')).body.items)).toEqual([bobsOrder]);
      expect((await shop.get('/orders?status=cancelled')).body).toEqual({ items: [], next: null });
      expect((await shop.get('/orders?customerId=nobody')).body).toEqual({ items: [], next: null });
    });

    it('lists only their own orders to a customer, also with the cursor of an operator', async () => {
      expect(ids(await shop.allPages('/orders', 1, customer('bob')))).toEqual([rejected, bobsOrder]);
      expect(ids(await shop.allPages('/orders?status=shipped', 1, customer('bob')))).toEqual([bobsOrder]);
      expect((await shop.get('/orders', customer('nobody'))).body).toEqual({ items: [], next: null });
      const { body } = await shop.get('/orders?limit=1');
      const stolen = await shop.get(`/orders?limit=200&cursor=${body.next}`, customer('bob'));
      expect([400, 200]).toContain(stolen.status);
      for (const order of stolen.body.items ?? []) expect(order.customerId).toBe('bob');
    });
  });

  describe('of a timeline', () => {
    it('lists all events of an order across its streams, each cause before its effect', async () => {
      const timeline = await shop.allPages(`/orders/${bobsOrder}/timeline`, 200);
      const types: string[] = timeline.map(({ type }: { type: string }) => type);
      const inOrder = [
        'OrderPlaced',
        'StockReserved',
        'PaymentRequested',
        'PaymentCaptured',
        'OrderConfirmed',
        'ShipmentRequested',
        'ShipmentDispatched',
        'StockCommitted',
      ];
      expect(types.filter((type) => inOrder.includes(type)).sort()).toEqual([...inOrder].sort());
      for (const [before, after] of [
        ['OrderPlaced', 'StockReserved'],
        ['StockReserved', 'PaymentRequested'],
        ['PaymentRequested', 'PaymentCaptured'],
        ['PaymentCaptured', 'OrderConfirmed'],
        ['ShipmentRequested', 'ShipmentDispatched'],
        ['ShipmentDispatched', 'StockCommitted'],
        ['ShipmentDispatched', 'OrderShipped'],
      ] as const)
        expect([before, after, types.indexOf(before) < types.indexOf(after)]).toEqual([before, after, true]);
      const streams = new Set(timeline.map(({ stream }: { stream: string }) => stream));
      expect(streams).toEqual(
        new Set([
          `order-${bobsOrder}`,
          `payment-${bobsOrder}`,
          `shipment-${bobsOrder}`,
          `fulfilment-${bobsOrder}`,
          'inventory-71053',
        ]),
      );
      for (const entry of timeline)
        expect(entry).toEqual({
          id: expect.stringMatching(/^[0-9a-f-]{36}$/),
          type: expect.any(String),
          stream: expect.any(String),
          revision: expect.stringMatching(/^\d+$/),
          at: expect.stringMatching(/Z$/),
          data: expect.any(Object),
          causationId: expect.any(String),
        });
      expect(await shop.allPages(`/orders/${bobsOrder}/timeline`, 2)).toEqual(timeline);
    });

    it('shows the payment token to operators only', async () => {
      const [forBob, forOperator] = [
        await shop.allPages(`/orders/${bobsOrder}/timeline`, 200, customer('bob')),
        await shop.allPages(`/orders/${bobsOrder}/timeline`, 200),
      ];
      expect(forBob).toHaveLength(forOperator.length);
      expect(JSON.stringify(forOperator)).toContain('tok_ok');
      expect(JSON.stringify(forBob)).not.toContain('tok_ok');
      for (const path of [`/orders/${bobsOrder}`, `/payments/${bobsOrder}`, '/orders'])
        expect(JSON.stringify((await shop.get(path, customer('bob'))).body)).not.toContain('tok_');
    });
  });
});
