import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HttpOptions, HttpResponse } from '../support/http.ts';
import { createShopClient, gbp } from '../support/shop.ts';
import { type System, startSystem } from '../support/system.ts';
import { waitForTimelineEvent } from '../support/wait-until.ts';

const today = () => new Date().toISOString().slice(0, 'YYYY-MM-DD'.length);

describe('queries', () => {
  let system: System;
  let shop: ReturnType<typeof createShopClient>;
  /** Shipped orders of ann, in the order of placing. */
  const annsOrders: string[] = [];
  let bobsOrder: string;
  let rejected: string;

  beforeAll(async () => {
    system = await startSystem();
    shop = createShopClient(system);
    await shop.createItem('clock', 0, gbp(1), 'Zz clock');
    await shop.createItem('85123A', 100, gbp(255), 'WHITE HANGING HEART T-LIGHT HOLDER');
    await shop.createItem('71053', 100, gbp(339), 'White Metal Lantern');
    await shop.createItem('22752', 100, gbp(765), 'Set 7 babushka nesting boxes');
    await shop.createItem('21730', 0, gbp(425), 'Glass star frosted t-light holder');
    await shop.createItem('euro', 10, { amount: 300, currency: 'EUR' }, 'Crème brûlée dish');
    for (let n = 0; n < 11; n++) annsOrders.push(await shop.placeOne('85123A', 1));
    bobsOrder = await shop.placeOne('71053', 2, 'tok_ok', 'bob');
    rejected = await shop.placeOne('21730', 3, 'tok_ok', 'bob');
    const euro = await shop.placeOne('euro', 2, 'tok_ok', 'eve');
    for (const orderId of [...annsOrders, bobsOrder, rejected, euro]) await complete(orderId);
  });
  afterAll(() => system.stop());

  /** Waits until an order's fulfilment has completed and every read model has all of its events. */
  const complete = async (orderId: string) => {
    await waitForTimelineEvent(shop, orderId, 'FulfilmentCompleted');
    const later = await shop.post('/inventory/items/clock/receipts', { quantity: 1 });
    await shop.readBack('/projections', later);
  };

  /** Returns all items of a list, fetched page by page. */
  const allPages = async (path: string, limit: number, options: HttpOptions = {}) => {
    const pages: HttpResponse['body'][] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const next = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const { status, body } = await shop.get(
        `${path}${path.includes('?') ? '&' : '?'}limit=${limit}${next}`,
        options,
      );
      expect(status).toBe(200);
      expect(body.items.length).toBeLessThanOrEqual(limit);
      pages.push(body.items);
      cursor = body.next;
    }
    return pages.flat();
  };
  const ids = (orders: readonly { orderId: string }[]) => orders.map(({ orderId }) => orderId);
  const customer = (sub: string) => ({ token: shop.customer(sub) });

  describe('of orders', () => {
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
      const all = await allPages('/orders', 200);
      expect(all).toHaveLength(14);
      for (const limit of [1, 3, 7, 14]) expect(ids(await allPages('/orders', limit))).toEqual(ids(all));
      expect(ids(await allPages('/orders?customerId=ann', 4))).toEqual([...annsOrders].reverse());
      const times = all.map(({ placedAt }: { placedAt: string }) => placedAt);
      expect(times).toEqual([...times].sort().reverse());
    });

    it('neither skips nor repeats earlier orders when a new order is placed between two pages', async () => {
      const { body } = await shop.get('/orders?customerId=ann&limit=4');
      const late = await shop.placeOne('85123A', 1);
      await complete(late);
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
      expect(ids(await allPages('/orders', 1, customer('bob')))).toEqual([rejected, bobsOrder]);
      expect(ids(await allPages('/orders?status=shipped', 1, customer('bob')))).toEqual([bobsOrder]);
      expect((await shop.get('/orders', customer('nobody'))).body).toEqual({ items: [], next: null });
      const { body } = await shop.get('/orders?limit=1');
      const stolen = await shop.get(`/orders?limit=200&cursor=${body.next}`, customer('bob'));
      expect([400, 200]).toContain(stolen.status);
      for (const order of stolen.body.items ?? []) expect(order.customerId).toBe('bob');
    });
  });

  describe('of a timeline', () => {
    it('lists all events of an order across its streams, each cause before its effect', async () => {
      const timeline = await allPages(`/orders/${bobsOrder}/timeline`, 200);
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
          type: expect.any(String),
          stream: expect.any(String),
          revision: expect.stringMatching(/^\d+$/),
          at: expect.stringMatching(/Z$/),
          data: expect.any(Object),
          causationId: expect.any(String),
        });
      expect(await allPages(`/orders/${bobsOrder}/timeline`, 2)).toEqual(timeline);
    });

    it('shows the payment token to operators only', async () => {
      const [forBob, forOperator] = [
        await allPages(`/orders/${bobsOrder}/timeline`, 200, customer('bob')),
        await allPages(`/orders/${bobsOrder}/timeline`, 200),
      ];
      expect(forBob).toHaveLength(forOperator.length);
      expect(JSON.stringify(forOperator)).toContain('tok_ok');
      expect(JSON.stringify(forBob)).not.toContain('tok_ok');
      for (const path of [`/orders/${bobsOrder}`, `/payments/${bobsOrder}`, '/orders'])
        expect(JSON.stringify((await shop.get(path, customer('bob'))).body)).not.toContain('tok_');
    });
  });

  describe('of items', () => {
    const names = (items: readonly { name: string }[]) => items.map(({ name }) => name);

    it('lists all items by name to every caller', async () => {
      const all = await allPages('/inventory/items', 2, customer('ann'));
      expect(names(all)).toEqual([
        'Crème brûlée dish',
        'Glass star frosted t-light holder',
        'Set 7 babushka nesting boxes',
        'WHITE HANGING HEART T-LIGHT HOLDER',
        'White Metal Lantern',
        'Zz clock',
      ]);
      expect(await allPages('/inventory/items', 50)).toEqual(all);
      expect(all[2]).toEqual({
        productId: '22752',
        name: 'Set 7 babushka nesting boxes',
        price: gbp(765),
        onHand: 100,
        reserved: 0,
        available: 100,
        revision: '0',
        stockRevision: '0',
      });
    });

    it.each([
      ['white', ['85123A', '71053']],
      ['WHITE lantern', ['71053']],
      ['holder t-light', ['21730', '85123A']],
      ['85123A', ['85123A']],
      ['creme brulee', ['euro']],
      ['  babushka  ', ['22752']],
      ['white babushka', []],
      ['unicorn', []],
    ])('a search for "%s" finds %j', async (query, expected) => {
      const found = await allPages(`/inventory/items?query=${encodeURIComponent(query)}`, 1);
      expect(found.map(({ productId }: { productId: string }) => productId).sort()).toEqual(
        [...expected].sort(),
      );
    });

    it('finds a renamed item by its new name only', async () => {
      await shop.createItem('renamed', 0, gbp(1), 'Ugly duckling');
      const answer = await shop.patch('/inventory/items/renamed', { name: 'Swan' });
      expect((await shop.readBack('/inventory/items?query=duckling', answer)).body.items).toEqual([]);
      expect((await shop.readBack('/inventory/items?query=swan', answer)).body.items).toHaveLength(1);
    });

    it('lists the stock movements of an item, newest first', async () => {
      await shop.createItem('moved', 7, gbp(1), 'Zz moved');
      await shop.post('/inventory/items/moved/receipts', { quantity: 5 });
      await shop.post('/inventory/items/moved/adjustments', { quantity: -2, reason: 'broken' });
      const orderId = await shop.placeOne('moved', 4);
      await complete(orderId);
      expect(await shop.stockLevels('moved')).toEqual({ onHand: 6, reserved: 0, available: 6 });
      const movements = await allPages('/inventory/items/moved/movements', 200);
      expect(movements).toMatchObject([
        { type: 'StockCommitted', quantity: 4, orderId },
        { type: 'StockReserved', quantity: 4, orderId },
        { type: 'StockAdjusted', quantity: -2, reason: 'broken' },
        { type: 'StockReceived', quantity: 5 },
        { type: 'StockOpened', quantity: 7 },
      ]);
      expect(await allPages('/inventory/items/moved/movements', 2)).toEqual(movements);
      expect((await shop.get('/inventory/items/nowhere/movements')).status).toBe(404);
    });
  });

  describe('of money', () => {
    it('returns payment and shipment of an order to its customer', async () => {
      const payment = { orderId: bobsOrder, customerId: 'bob', status: 'captured', amount: gbp(678) };
      expect(await shop.get(`/payments/${bobsOrder}`, customer('bob'))).toMatchObject({
        status: 200,
        body: payment,
      });
      const shipment = {
        orderId: bobsOrder,
        status: 'dispatched',
        carrier: expect.any(String),
        trackingNumber: expect.any(String),
      };
      expect(await shop.get(`/shipments/${bobsOrder}`, customer('bob'))).toMatchObject({
        status: 200,
        body: shipment,
      });
      expect((await shop.get(`/shipments/${rejected}`)).status).toBe(404);
    });

    it('returns a customer with the number of orders and the amount spent', async () => {
      expect(await shop.get('/customers/bob')).toMatchObject({
        status: 200,
        body: {
          customerId: 'bob',
          orders: 2,
          byStatus: { shipped: 1, rejected: 1 },
          spent: [gbp(678)],
        },
      });
      expect((await shop.get('/customers/nobody')).status).toBe(404);
    });

    it('sums sales by day and currency, less refunds', async () => {
      const sales = async (query = '') => (await shop.get(`/sales/daily${query}`)).body.items;
      const before = await sales();
      expect(before).toEqual([
        { date: today(), orders: 1, units: 2, revenue: { amount: 600, currency: 'EUR' } },
        expect.objectContaining({ date: today(), revenue: { amount: expect.any(Number), currency: 'GBP' } }),
      ]);
      const orderId = await shop.placeOne('22752', 3, 'tok_ok', 'rita');
      await complete(orderId);
      const [, captured] = await sales();
      expect(captured).toMatchObject({
        orders: before[1].orders + 1,
        units: before[1].units + 3,
        revenue: gbp(before[1].revenue.amount + 2_295),
      });
      await shop.refund(orderId, 'late');
      await expect.poll(() => sales()).toEqual(before);
      expect(await shop.get('/customers/rita')).toMatchObject({
        body: { orders: 1, byStatus: { shipped: 1 } },
      });

      expect(await sales(`?from=${today()}&to=${today()}`)).toEqual(before);
      expect(await sales('?to=2020-01-01')).toEqual([]);
      expect(await sales('?from=2999-01-01')).toEqual([]);
    });
  });

  it('lists every projection as live', async () => {
    const { status, body } = await shop.get('/projections');
    expect(status).toBe(200);
    const names = body.items.map(({ name }: { name: string }) => name);
    expect(names.sort()).toEqual(
      [
        'orders',
        'timeline',
        'items',
        'movements',
        'payments',
        'shipments',
        'customers',
        'sales',
        'deadlines',
        'parked',
      ].sort(),
    );
    for (const projection of body.items)
      expect(projection).toEqual({
        name: expect.any(String),
        generation: expect.any(Number),
        position: expect.stringMatching(/^\d+$/),
        lagMs: expect.any(Number),
        status: 'live',
      });
  });
});
