import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gbp, type ShopClient, startShop } from '../support/shop.ts';
import type { System } from '../support/system.ts';

const today = () => new Date().toISOString().slice(0, 'YYYY-MM-DD'.length);

describe('queries of items, money and projections', () => {
  let system: System;
  let shop: ShopClient;
  let bobsOrder: string;
  let rejected: string;

  beforeAll(async () => {
    ({ system, shop } = await startShop());
    await shop.createItem('clock', 0, gbp(1), 'Zz clock');
    await shop.createItem('85123A', 100, gbp(255), 'WHITE HANGING HEART T-LIGHT HOLDER');
    await shop.createItem('71053', 100, gbp(339), 'White Metal Lantern');
    await shop.createItem('22752', 100, gbp(765), 'Set 7 babushka nesting boxes');
    await shop.createItem('21730', 0, gbp(425), 'Glass star frosted t-light holder');
    await shop.createItem('euro', 10, { amount: 300, currency: 'EUR' }, 'Crème brûlée dish');
    bobsOrder = await shop.placeOne('71053', 2, 'tok_ok', 'bob');
    rejected = await shop.placeOne('21730', 3, 'tok_ok', 'bob');
    const euro = await shop.placeOne('euro', 2, 'tok_ok', 'eve');
    for (const orderId of [bobsOrder, rejected, euro]) await shop.waitForCompletion(orderId, 'clock');
  });
  afterAll(() => system.stop());

  const customer = (sub: string) => ({ token: shop.customer(sub) });

  describe('of items', () => {
    const names = (items: readonly { name: string }[]) => items.map(({ name }) => name);

    it('lists all items by name to every caller', async () => {
      const all = await shop.allPages('/inventory/items', 2, customer('ann'));
      expect(names(all)).toEqual([
        'Crème brûlée dish',
        'Glass star frosted t-light holder',
        'Set 7 babushka nesting boxes',
        'WHITE HANGING HEART T-LIGHT HOLDER',
        'White Metal Lantern',
        'Zz clock',
      ]);
      expect(await shop.allPages('/inventory/items', 50)).toEqual(all);
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
      const found = await shop.allPages(`/inventory/items?query=${encodeURIComponent(query)}`, 1);
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
      await shop.waitForCompletion(orderId, 'clock');
      expect(await shop.stockLevels('moved')).toEqual({ onHand: 6, reserved: 0, available: 6 });
      const movements = await shop.allPages('/inventory/items/moved/movements', 200);
      expect(movements).toMatchObject([
        { type: 'StockCommitted', quantity: 4, orderId },
        { type: 'StockReserved', quantity: 4, orderId },
        { type: 'StockAdjusted', quantity: -2, reason: 'broken' },
        { type: 'StockReceived', quantity: 5 },
        { type: 'StockOpened', quantity: 7 },
      ]);
      expect(await shop.allPages('/inventory/items/moved/movements', 2)).toEqual(movements);
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
      await shop.waitForCompletion(orderId, 'clock');
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
        'sessions',
        'accounts',
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
