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
  it('prices every line, and adds up the items of one product', async () => {
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
    expect(headers.get('etag')).toBe(`"order-0.at-${body.position}.v-3"`);
    const [recorded] = await shop.eventsOf(`order-${body.orderId}`);
    expect(recorded?.event).toMatchObject({ type: 'OrderPlaced', data: { paymentToken: 'tok_slow' } });
    expect(recorded?.metadata.$correlationId).toBe(body.orderId);
  });

  it('is possible for oneself, and for another customer as an operator only', async () => {
    expect((await shop.post(orders, { ...two, customerId: 'ann' }, { as: 'ann' })).status).toBe(201);
    expect((await shop.post(orders, { ...two, customerId: 'bob' }, { as: 'ann' })).status).toBe(403);
    expect((await shop.post(orders, { ...two, customerId: '12583' })).body.customerId).toBe('12583');
    expect((await shop.post(orders, two)).body.customerId).toBe('olga');
  });

  it('is rejected with the names of all unknown products', async () => {
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

  it('is rejected if a product has another currency than the first', async () => {
    const items = [...two.items, { productId: 'EURO', quantity: 1 }];
    const { status, body } = await shop.post(orders, { items });
    expect(status).toBe(422);
    expect(body.errors).toEqual([
      { path: 'items.1.productId', message: 'EURO is priced in EUR, the products before it in GBP' },
    ]);
  });

  it('is rejected if a line or the total is beyond 2^53-1', async () => {
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

  it('is limited to 1,000 products and 1,000,000 units of each', async () => {
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
