import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ShopApi, shopApi } from '../testing/shop-api.ts';

let shop: ShopApi;
beforeEach(async () => {
  shop = await shopApi();
  await shop.createItem('85123A', { amount: 250, currency: 'GBP' });
  await shop.createItem('71053', { amount: 100, currency: 'GBP' });
  await shop.createItem('EURO', { amount: 100, currency: 'EUR' });
});
afterEach(() => shop.close());

const orders = '/api/v1/orders';
const two = { items: [{ productId: '85123A', quantity: 2 }] };

describe('placing an order', () => {
  it('prices every line, adding up the same product', async () => {
    const { status, headers, body } = await shop.post(
      orders,
      {
        items: [
          { productId: '85123A', quantity: 2 },
          { productId: '71053', quantity: 1 },
          { productId: '85123A', quantity: 3 },
        ],
        payment: { token: 'tok_slow' },
      },
      { as: 'ann' },
    );
    const gbp = (amount: number) => ({ amount, currency: 'GBP' });
    expect(status).toBe(201);
    expect(body).toEqual({
      orderId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      status: 'placed',
      customerId: 'ann',
      items: [
        {
          productId: '85123A',
          name: 'name of 85123A',
          quantity: 5,
          unitPrice: gbp(250),
          lineTotal: gbp(1250),
        },
        { productId: '71053', name: 'name of 71053', quantity: 1, unitPrice: gbp(100), lineTotal: gbp(100) },
      ],
      total: gbp(1350),
      placedAt: '2026-01-05T12:00:00.000Z',
      revision: '0',
      position: headers.get('orderstream-position'),
    });
    expect(headers.get('etag')).toBe(`"order-0.at-${body.position}.v-2"`);
    const [recorded] = await shop.eventsOf(`order-${body.orderId}`);
    expect(recorded?.event).toMatchObject({ type: 'OrderPlaced', data: { paymentToken: 'tok_slow' } });
    expect(recorded?.metadata.$correlationId).toBe(body.orderId);
  });

  it('is for oneself; for another only as an operator', async () => {
    expect((await shop.post(orders, { ...two, customerId: 'ann' }, { as: 'ann' })).status).toBe(201);
    expect((await shop.post(orders, { ...two, customerId: 'bob' }, { as: 'ann' })).status).toBe(403);
    expect((await shop.post(orders, { ...two, customerId: '12583' })).body.customerId).toBe('12583');
    expect((await shop.post(orders, two)).body.customerId).toBe('olga');
  });

  it('names every product that is unknown', async () => {
    const items = [
      { productId: 'nope', quantity: 1 },
      { productId: '85123A', quantity: 1 },
      { productId: 'nor', quantity: 1 },
    ];
    const { status, body } = await shop.post(orders, { items });
    expect(status).toBe(422);
    expect(body.errors).toEqual([
      { path: 'items.0.productId', message: 'there is no product "nope"' },
      { path: 'items.2.productId', message: 'there is no product "nor"' },
    ]);
  });

  it('names the product that is in another currency', async () => {
    const items = [...two.items, { productId: 'EURO', quantity: 1 }];
    const { status, body } = await shop.post(orders, { items });
    expect(status).toBe(422);
    expect(body.errors).toEqual([
      { path: 'items.1.productId', message: 'EURO is priced in EUR, the products before it in GBP' },
    ]);
  });

  it('beyond 2^53-1 is 422, be it a line or the sum', async () => {
    await shop.createItem('dear', { amount: Number.MAX_SAFE_INTEGER, currency: 'GBP' });
    const line = await shop.post(orders, { items: [{ productId: 'dear', quantity: 2 }] });
    expect(line.body.errors).toEqual([
      { path: 'items.0.quantity', message: 'dear: the total is beyond 2^53-1' },
    ]);
    const sum = await shop.post(orders, { items: [{ productId: 'dear', quantity: 1 }, ...two.items] });
    expect(sum.body.errors).toEqual([{ path: 'items', message: 'the order: the total is beyond 2^53-1' }]);
    const most = await shop.post(orders, { items: [{ productId: 'dear', quantity: 1 }] });
    expect(most.body.total.amount).toBe(Number.MAX_SAFE_INTEGER);
  });

  it('has at most 1,000 products, and 1,000,000 of each', async () => {
    const distinct = (count: number) =>
      Array.from({ length: count }, (_, index) => ({ productId: `p${index}`, quantity: 1 }));
    await Promise.all(distinct(1_000).map(({ productId }) => shop.createItem(productId)));
    expect((await shop.post(orders, { items: distinct(1_000) })).status).toBe(201);
    const tooMany = await shop.post(orders, { items: distinct(1_001) });
    expect([tooMany.status, tooMany.body.errors[0].path]).toEqual([422, 'items']);
    const half = { productId: '71053', quantity: 500_001 };
    expect((await shop.post(orders, { items: [half, half] })).status).toBe(422);
  });
});

describe('cancelling an order', () => {
  const cancel = (orderId: string, body?: unknown, headers = {}, as: 'ann' | 'bob' | 'operator' = 'ann') =>
    shop.post(`${orders}/${orderId}/cancel`, body, { as, headers });

  it('is decided on the shipment, then told on the order', async () => {
    const orderId = await shop.placeOrder();
    const { status, body, headers } = await cancel(orderId, { reason: 'changed my mind' });
    expect(status).toBe(200);
    expect(body).toEqual({ orderId, status: 'cancelled', revision: '1', position: expect.any(String) });
    expect(headers.get('etag')).toBe(`"order-1.at-${body.position}.v-2"`);
    const why = { orderId, customerId: 'ann', reason: 'changed my mind', cancelledBy: 'ann' };
    const [shipment] = await shop.eventsOf(`shipment-${orderId}`);
    const [, order] = await shop.eventsOf(`order-${orderId}`);
    expect(shipment?.event).toEqual({ type: 'ShipmentCancelled', data: why });
    expect(order?.event).toEqual({ type: 'OrderCancelled', data: why });
    expect(BigInt(body.position)).toBe(order?.position.commit);
    expect([shipment, order].map((recorded) => recorded?.metadata.$correlationId)).toEqual([
      orderId,
      orderId,
    ]);
  });

  it('again is 200 and appends nothing', async () => {
    const orderId = await shop.placeOrder();
    await cancel(orderId);
    const again = await cancel(orderId, { reason: 'another' });
    expect([again.status, again.body.revision]).toEqual([200, '1']);
    expect(await shop.typesOf(`order-${orderId}`)).toEqual(['OrderPlaced', 'OrderCancelled']);
    expect(await shop.typesOf(`shipment-${orderId}`)).toEqual(['ShipmentCancelled']);
  });

  it("checks If-Match against the order's revision first", async () => {
    const orderId = await shop.placeOrder();
    expect((await cancel(orderId, {}, { 'if-match': '"5"' })).status).toBe(412);
    expect(await shop.typesOf(`shipment-${orderId}`)).toEqual([]);
    expect((await cancel(orderId, {}, { 'if-match': '"0"' })).status).toBe(200);
  });

  it('a second time, where the first got no further than the shipment, keeps the first reason', async () => {
    const orderId = await shop.placeOrder();
    shop.store.failNextAppend('away', `order-${orderId}`);
    const { status, body } = await cancel(orderId, { reason: 'changed my mind' });
    expect(status).toBe(503);
    expect(body.detail).not.toContain('nothing was done');
    expect((await cancel(orderId, { reason: 'fraud' }, {}, 'operator')).status).toBe(200);
    const [, cancelled] = await shop.eventsOf(`order-${orderId}`);
    expect(cancelled?.event.data).toMatchObject({ reason: 'changed my mind', cancelledBy: 'ann' });
  });

  it('that was rejected is 409, and leaves no cancelled shipment', async () => {
    const orderId = await shop.placeOrder();
    await shop.fulfil(orderId).order({ type: 'RejectOrder', reason: 'out of stock' });
    const { status, body } = await cancel(orderId);
    expect([status, body.type]).toEqual([409, 'urn:orderstream:problem:order-already-closed']);
    expect(await shop.typesOf(`shipment-${orderId}`)).toEqual([]);
  });

  it('after dispatch is 409', async () => {
    const orderId = await shop.placeOrder();
    await shop.fulfil(orderId).askForShipment();
    await shop.post(`/api/v1/shipments/${orderId}/dispatch`, { carrier: 'c', trackingNumber: 't' });
    const { status, body } = await cancel(orderId);
    expect([status, body.type]).toEqual([409, 'urn:orderstream:problem:shipment-already-dispatched']);
    expect(await shop.typesOf(`order-${orderId}`)).toEqual(['OrderPlaced']);
  });

  it("of somebody else is 404, as if it were not there; an operator's is done", async () => {
    const orderId = await shop.placeOrder();
    const hers = await cancel(orderId, undefined, {}, 'bob');
    const none = await cancel('no-such-order', undefined, {}, 'bob');
    expect([hers.status, none.status]).toEqual([404, 404]);
    expect(hers.body.detail.replace(orderId, 'x')).toBe(none.body.detail.replace('no-such-order', 'x'));
    expect((await cancel(orderId, undefined, {}, 'operator')).status).toBe(200);
  });

  it('and dispatching it at once: one of the two wins', async () => {
    const orderId = await shop.placeOrder();
    await shop.fulfil(orderId).askForShipment();
    const [cancelled, dispatched] = await Promise.all([
      cancel(orderId),
      shop.post(`/api/v1/shipments/${orderId}/dispatch`, { carrier: 'c', trackingNumber: 't' }),
    ]);
    expect([cancelled.status, dispatched.status].sort()).toEqual([200, 409]);
  });
});
