import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call, type HttpAnswer, type HttpOptions } from '../support/http.ts';
import { gbp, shopOf } from '../support/shop.ts';
import { type System, startSystem } from '../support/system.ts';
import { until } from '../support/wait-until.ts';

const today = () => new Date().toISOString().slice(0, 'YYYY-MM-DD'.length);

describe('queries', () => {
  let system: System;
  let shop: ReturnType<typeof shopOf>;
  /** Of ann, in the order in which they were placed; all shipped. */
  const annsOrders: string[] = [];
  let bobsOrder: string;
  let rejected: string;

  beforeAll(async () => {
    system = await startSystem();
    shop = shopOf(system);
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

  /** Until nothing more happens to an order by itself, and every read model has seen all of it. */
  const complete = async (orderId: string) => {
    await until(
      `order ${orderId} is to be complete`,
      () => shop.story(orderId),
      (types) => types.includes('FulfilmentCompleted'),
    );
    const later = await shop.post('/inventory/items/clock/receipts', { quantity: 1 });
    await shop.readBack('/projections', later);
  };

  /** Every item of a list, page by page, as a caller would walk it. */
  const walk = async (path: string, limit: number, options: HttpOptions = {}) => {
    const pages: HttpAnswer['body'][] = [];
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
    it('one order, with all that the contract promises of it', async () => {
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

    it('all of them, newest first, each once whatever the page', async () => {
      const all = await walk('/orders', 200);
      expect(all).toHaveLength(14);
      for (const limit of [1, 3, 7, 14]) expect(ids(await walk('/orders', limit))).toEqual(ids(all));
      expect(ids(await walk('/orders?customerId=ann', 4))).toEqual([...annsOrders].reverse());
      const times = all.map(({ placedAt }: { placedAt: string }) => placedAt);
      expect(times).toEqual([...times].sort().reverse());
    });

    it('a page that is under way does not lose or repeat what was there before', async () => {
      const { body } = await shop.get('/orders?customerId=ann&limit=4');
      const late = await shop.placeOne('85123A', 1);
      await complete(late);
      const rest = await shop.get(`/orders?customerId=ann&limit=200&cursor=${body.next}`);
      expect([...ids(body.items), ...ids(rest.body.items)]).toEqual([...annsOrders].reverse());
      annsOrders.push(late);
    });

    it('by status and customer', async () => {
      expect(ids((await shop.get('/orders?status=rejected')).body.items)).toEqual([rejected]);
      expect(ids((await shop.get('/orders?status=shipped&customerId=bob')).body.items)).toEqual([bobsOrder]);
      expect((await shop.get('/orders?status=cancelled')).body).toEqual({ items: [], next: null });
      expect((await shop.get('/orders?customerId=nobody')).body).toEqual({ items: [], next: null });
    });

    it('a customer sees their own alone, page by page too', async () => {
      expect(ids(await walk('/orders', 1, customer('bob')))).toEqual([rejected, bobsOrder]);
      expect(ids(await walk('/orders?status=shipped', 1, customer('bob')))).toEqual([bobsOrder]);
      expect((await shop.get('/orders', customer('nobody'))).body).toEqual({ items: [], next: null });
      const { body } = await shop.get('/orders?limit=1');
      const stolen = await shop.get(`/orders?limit=200&cursor=${body.next}`, customer('bob'));
      expect([400, 200]).toContain(stolen.status);
      for (const order of stolen.body.items ?? []) expect(order.customerId).toBe('bob');
    });
  });

  describe('of a timeline', () => {
    it('tells the whole story across streams, in order, the cause before its effect', async () => {
      const story = await walk(`/orders/${bobsOrder}/timeline`, 200);
      const types: string[] = story.map(({ type }: { type: string }) => type);
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
      const streams = new Set(story.map(({ stream }: { stream: string }) => stream));
      expect(streams).toEqual(
        new Set([
          `order-${bobsOrder}`,
          `payment-${bobsOrder}`,
          `shipment-${bobsOrder}`,
          `fulfilment-${bobsOrder}`,
          'inventory-71053',
        ]),
      );
      for (const entry of story)
        expect(entry).toEqual({
          type: expect.any(String),
          stream: expect.any(String),
          revision: expect.stringMatching(/^\d+$/),
          at: expect.stringMatching(/Z$/),
          data: expect.any(Object),
          causationId: expect.any(String),
        });
      expect(await walk(`/orders/${bobsOrder}/timeline`, 2)).toEqual(story);
    });

    it('shows the payment token to operators only', async () => {
      const [forBob, forOperator] = [
        await walk(`/orders/${bobsOrder}/timeline`, 200, customer('bob')),
        await walk(`/orders/${bobsOrder}/timeline`, 200),
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

    it('by name, each once, readable by every caller', async () => {
      const all = await walk('/inventory/items', 2, customer('ann'));
      expect(names(all)).toEqual([
        'Crème brûlée dish',
        'Glass star frosted t-light holder',
        'Set 7 babushka nesting boxes',
        'WHITE HANGING HEART T-LIGHT HOLDER',
        'White Metal Lantern',
        'Zz clock',
      ]);
      expect(await walk('/inventory/items', 50)).toEqual(all);
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
      const found = await walk(`/inventory/items?query=${encodeURIComponent(query)}`, 1);
      expect(found.map(({ productId }: { productId: string }) => productId).sort()).toEqual(
        [...expected].sort(),
      );
    });

    it('an item that was renamed is found by its new name only', async () => {
      await shop.createItem('renamed', 0, gbp(1), 'Ugly duckling');
      const answer = await shop.patch('/inventory/items/renamed', { name: 'Swan' });
      expect((await shop.readBack('/inventory/items?query=duckling', answer)).body.items).toEqual([]);
      expect((await shop.readBack('/inventory/items?query=swan', answer)).body.items).toHaveLength(1);
    });

    it('its movements, newest first', async () => {
      await shop.createItem('moved', 7, gbp(1), 'Zz moved');
      await shop.post('/inventory/items/moved/receipts', { quantity: 5 });
      await shop.post('/inventory/items/moved/adjustments', { quantity: -2, reason: 'broken' });
      const orderId = await shop.placeOne('moved', 4);
      await complete(orderId);
      expect(await shop.levels('moved')).toEqual({ onHand: 6, reserved: 0, available: 6 });
      const movements = await walk('/inventory/items/moved/movements', 200);
      expect(movements).toMatchObject([
        { type: 'StockCommitted', quantity: 4, orderId },
        { type: 'StockReserved', quantity: 4, orderId },
        { type: 'StockAdjusted', quantity: -2, reason: 'broken' },
        { type: 'StockReceived', quantity: 5 },
        { type: 'StockOpened', quantity: 7 },
      ]);
      expect(await walk('/inventory/items/moved/movements', 2)).toEqual(movements);
      expect((await shop.get('/inventory/items/nowhere/movements')).status).toBe(404);
    });
  });

  describe('of money', () => {
    it('a payment and a shipment, to whom they belong', async () => {
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

    it('a customer, with what they ordered and paid', async () => {
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

    it('sales by day and currency, refunds taken off', async () => {
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

  it('every projection is live, and none has stopped', async () => {
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

  describe('how new an answer is', () => {
    const models = () => [
      '/orders',
      `/orders/${bobsOrder}`,
      `/orders/${bobsOrder}/timeline`,
      '/inventory/items',
      '/inventory/items/71053',
      '/inventory/items/71053/movements',
      `/payments/${bobsOrder}`,
      `/shipments/${bobsOrder}`,
      '/customers/bob',
      '/sales/daily',
      '/projections',
    ];

    it('every query shows what a command did, at the position that it answered', async () => {
      await shop.createItem('fresh', 0);
      for (let n = 1; n <= 10; n++) {
        const receipt = await shop.post('/inventory/items/fresh/receipts', { quantity: 1 });
        const [byHeader, byQuery] = await Promise.all([
          shop.readBack('/inventory/items/fresh', receipt),
          shop.get(`/inventory/items/fresh?minPosition=${receipt.body.position}`),
        ]);
        expect([byHeader.body.onHand, byQuery.body.onHand]).toEqual([n, n]);
        const placed = await shop.place({ items: [{ productId: '71053', quantity: 1 }] }, customer('cleo'));
        const { body } = await shop.readBack('/orders?limit=1', placed, customer('cleo'));
        expect(ids(body.items)).toEqual([placed.body.orderId]);
      }
    });

    it('a position that another stream reached is reached by every model', async () => {
      const { body } = await shop.patch('/inventory/items/71053', { price: gbp(340) });
      for (const path of models()) {
        const query = `minPosition=${body.position}`;
        expect([path, (await shop.get(`${path}?${query}`)).status]).toEqual([path, 200]);
      }
    });

    it('one that is not reached is 504, after as long as was asked for', async () => {
      const far = '9000000000000000000';
      for (const path of models()) {
        const answer = await shop.get(`${path}?minPosition=${far}&wait=0`);
        expect([path, answer.status, answer.body.status]).toEqual([path, 504, 504]);
      }
      const started = performance.now();
      const headers = { 'orderstream-min-position': far };
      expect((await shop.get('/orders?wait=300', { headers })).status).toBe(504);
      const took = performance.now() - started;
      expect(took).toBeGreaterThan(280);
      // Without `wait`, it would be 5 s.
      expect(took).toBeLessThan(5_000);
    });

    it('a document that the caller has is not sent again, until it changes', async () => {
      for (const path of models().filter((path) => /\/[^/]*\d[^/]*$|bob$/.test(path))) {
        const first = await shop.get(path);
        const etag = first.headers.get('etag') ?? '';
        expect([path, etag]).toEqual([path, expect.stringMatching(/^(W\/)?".+"$/)]);
        const headers = { 'if-none-match': etag };
        expect(await shop.get(path, { headers })).toMatchObject({ status: 304, body: undefined });
        expect((await shop.get(path, { headers: { 'if-none-match': '"other"' } })).status).toBe(200);
      }
      const before = await shop.get('/inventory/items/21730');
      const receipt = await shop.post('/inventory/items/21730/receipts', { quantity: 8 });
      const headers = {
        'if-none-match': before.headers.get('etag') ?? '',
        'orderstream-min-position': receipt.body.position,
      };
      expect(await shop.get('/inventory/items/21730', { headers })).toMatchObject({
        status: 200,
        body: { onHand: 8 },
      });
    });
  });

  it.each([
    [
      'commandUrl',
      [
        '/inventory/items',
        '/inventory/items/{productId}',
        '/inventory/items/{productId}/receipts',
        '/inventory/items/{productId}/adjustments',
        '/orders',
        '/orders/{orderId}/cancel',
        '/shipments/{orderId}/dispatch',
        '/shipments/{orderId}/deliver',
        '/payments/{orderId}/refund',
      ],
    ],
    [
      'queryUrl',
      [
        '/orders',
        '/orders/{orderId}',
        '/orders/{orderId}/timeline',
        '/inventory/items',
        '/inventory/items/{productId}',
        '/inventory/items/{productId}/movements',
        '/payments/{orderId}',
        '/shipments/{orderId}',
        '/customers/{customerId}',
        '/sales/daily',
        '/projections',
      ],
    ],
  ] as const)('%s: says what it does, without a token', async (api, paths) => {
    const description = await call('GET', `${system[api]}/openapi.json`);
    expect(description).toMatchObject({ status: 200, body: { openapi: expect.stringMatching(/^3\.1/) } });
    const described = Object.keys(description.body.paths);
    expect(described).toEqual(expect.arrayContaining(paths.map((path) => `/api/v1${path}`)));
    for (const path of ['/docs', '/health/live', '/health/ready', '/metrics'])
      expect([path, (await fetch(system[api] + path)).status]).toEqual([path, 200]);
  });
});
