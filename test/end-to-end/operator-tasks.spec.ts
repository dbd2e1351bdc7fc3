import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SharedSystem, useSharedShop } from '../support/shared-systems/use-shared-shop.ts';
import { type ShopClient, stepByStep } from '../support/shop.ts';
import { waitForStatus, waitUntil } from '../support/wait-until.ts';

const LARGEST = 9_007_199_254_740_991;

describe('operators of a running system', () => {
  let system: SharedSystem;
  let shop: ShopClient;
  beforeAll(async () => {
    ({ system, shop } = await useSharedShop(stepByStep));
  });
  afterAll(() => system.release());

  it('compare a read model with its events and rebuild it, as admins', async () => {
    const admin = { token: system.token('admin') };
    for (const dryRun of [true, false]) {
      const requested = await shop.post('/projections/shipments/rebuild', { dryRun }, admin);
      expect(requested).toMatchObject({ status: 202, body: { model: 'shipments', dryRun } });
      const { body } = await waitUntil(
        'the rebuild is done',
        () => shop.get(`/rebuilds/${requested.body.rebuildId}`, admin),
        ({ body }) => body.status === 'done',
      );
      expect(body).toMatchObject(
        dryRun ? { differing: 0, differences: [] } : { generation: expect.any(Number) },
      );
      expect(body.done).toBe(body.total);
    }
  });

  it('retire a product: it cannot be ordered and is not listed, stays in history, and can be restored', async () => {
    await shop.createItem('sled', 5);
    const orderId = await shop.placeOne('sled', 1);
    await waitForStatus(system, orderId, 'confirmed');
    const retired = await shop.post('/inventory/items/sled/retire', { reason: 'out of season' });
    expect([retired.status, retired.body.retired]).toEqual([200, true]);
    const rejected = await shop.place({ items: [{ productId: 'sled', quantity: 1 }] });
    expect(rejected).toMatchObject({
      status: 422,
      body: { errors: [{ path: 'items.0.productId', message: expect.stringContaining('retired') }] },
    });
    const listed = async (query: string) =>
      (await shop.readBack(`/inventory/items?query=sled${query}`, retired)).body.items.length;
    expect([await listed(''), await listed('&retired=true'), await listed('&retired=any')]).toEqual([
      0, 1, 1,
    ]);
    expect((await shop.get('/inventory/items/sled')).body).toMatchObject({
      retired: true,
      retirement: { reason: 'out of season' },
      reserved: 1,
    });
    expect((await shop.get('/inventory/items/sled/movements')).body.items).toHaveLength(2);
    expect((await shop.post('/inventory/items/sled/restore')).status).toBe(200);
    await shop.placeOne('sled', 1);
  });

  it('list shipments that wait for dispatch, oldest first, and use the ETags of shipments and payments', async () => {
    await shop.createItem('tent', 10);
    const orders: string[] = [];
    for (let number = 0; number < 3; number += 1) {
      const orderId = await shop.placeOne('tent', 1);
      await waitForStatus(system, orderId, 'confirmed');
      await waitUntil(
        'the order has a shipment',
        () => shop.get(`/shipments/${orderId}`),
        ({ status }) => status === 200,
      );
      orders.push(orderId);
    }
    const waiting = async (query = '') => {
      const { body } = await shop.get(`/shipments?status=requested${query}`);
      return body.items
        .map(({ orderId }: { orderId: string }) => orderId)
        .filter((orderId: string) => orders.includes(orderId));
    };
    expect(await waiting()).toEqual(orders);
    expect(await waiting('&sort=newest')).toEqual(orders.toReversed());

    const [orderId = ''] = orders;
    const tagged = async (path: string) => ({
      headers: { 'if-match': String((await shop.get(path)).headers.get('etag')) },
    });
    const parcel = { carrier: 'Post', trackingNumber: 'T1' };
    const shipment = await tagged(`/shipments/${orderId}`);
    expect((await shop.post(`/shipments/${orderId}/dispatch`, parcel, shipment)).status).toBe(200);
    expect((await shop.post(`/shipments/${orderId}/deliver`, {}, shipment)).status).toBe(412);
    await waitForStatus(system, orderId, 'shipped');
    const payment = await tagged(`/payments/${orderId}`);
    expect((await shop.post(`/payments/${orderId}/refund`, { reason: 'broken' }, payment)).status).toBe(200);
    expect((await shop.post(`/payments/${orderId}/refund`, { reason: 'broken' }, payment)).status).toBe(412);
  });

  it('list orders by time of placing, and see why, by whom and when an order was cancelled', async () => {
    await shop.createItem('torch', 10);
    const orders: { orderId: string; placedAt: string }[] = [];
    for (let number = 0; number < 3; number += 1) {
      const { body } = await shop.place(
        { items: [{ productId: 'torch', quantity: 1 }] },
        { token: shop.customer('urn:shop:carl') },
      );
      orders.push(body);
    }
    const [first, second, third] = orders.map(({ placedAt }) => placedAt);
    const cancelled = await shop.cancel(String(orders[0]?.orderId), { reason: 'ordered by mistake' });
    const found = async (query: string) => {
      const path = `/orders?customerId=urn:shop:carl&${query}`;
      return (await shop.readBack(path, cancelled)).body.items.map(
        ({ placedAt }: { placedAt: string }) => placedAt,
      );
    };
    expect(await found('sort=oldest')).toEqual([first, second, third]);
    expect(await found(`from=${second}`)).toEqual([third, second]);
    expect(await found(`from=${first}&to=${third}`)).toEqual([second, first]);
    expect((await shop.get(`/orders/${orders[0]?.orderId}`)).body).toMatchObject({
      status: 'cancelled',
      cancellation: {
        reason: 'ordered by mistake',
        by: expect.any(String),
        at: expect.stringMatching(/^\d{4}-.*Z$/),
      },
    });
  });

  it('see exact sums beyond 2^53 for orders of the maximum value, and none after their refunds', async () => {
    // The only sales in this currency.
    const price = { amount: LARGEST, currency: 'CHF' };
    await shop.post('/inventory/items', { productId: 'moon', name: 'The moon', price, quantity: 3 });
    const orders: string[] = [];
    const customerId = 'dora@example.com';
    for (let number = 0; number < 3; number += 1) {
      const { body } = await shop.place(
        { customerId, items: [{ productId: 'moon', quantity: 1 }] },
        { token: shop.operator },
      );
      orders.push(body.orderId);
      await waitForStatus(system, body.orderId, 'confirmed');
    }
    // Read as text, since `JSON.parse` would round numbers beyond 2^53.
    const textOf = async (path: string, token = shop.operator) => {
      const headers = { authorization: `Bearer ${token}` };
      return (await fetch(`${system.queryUrl}/api/v1${path}`, { headers })).text();
    };
    const spent = '"spent":[{"amount":27021597764222973,"currency":"CHF"}]';
    await waitUntil(
      'the customer has spent all',
      () => textOf(`/customers/${encodeURIComponent(customerId)}`),
      (text) => text.includes(spent),
    );
    expect(await textOf('/customers/me', shop.customer(customerId))).toContain(spent);
    expect(await textOf('/customers?query=dora')).toContain(spent);
    const revenueOf = async () =>
      [...(await textOf('/sales/daily')).matchAll(/"revenue":\{"amount":(-?\d+),"currency":"CHF"/g)]
        .map(([, digits = '0']) => BigInt(digits))
        .reduce((sum, amount) => sum + amount, 0n);
    await waitUntil('sales include the captures', revenueOf, (sum) => sum === 27_021_597_764_222_973n);

    for (const orderId of orders) {
      await shop.cancel(orderId);
      await waitUntil(
        'the payment is refunded',
        () => shop.get(`/payments/${orderId}`),
        ({ body }) => body.status === 'refunded',
      );
    }
    await waitUntil(
      'the customer has spent nothing',
      () => textOf('/customers?query=dora'),
      (text) => text.includes('"spent":[{"amount":0,"currency":"CHF"}]'),
    );
    await waitUntil('sales include the refunds', revenueOf, (sum) => sum === 0n);
  });
});
