import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type ShopApi, shopApi } from '../testing/shop-api.ts';

let shop: ShopApi;
let ofAnn: string;
beforeAll(async () => {
  shop = await shopApi();
  await shop.createItem('85123A', { amount: 250, currency: 'GBP' }, 10);
  ofAnn = await shop.placeOrder();
});
afterAll(() => shop.close());

it('an order of another customer gets the same response as an unknown one, after the same reads and no sooner', async () => {
  const read = vi.spyOn(shop.store, 'read');
  const append = vi.spyOn(shop.store, 'append');
  const cancel = async (orderId: string) => {
    read.mockClear();
    const from = performance.now();
    const { status, body } = await shop.post(`/api/v1/orders/${orderId}/cancel`, {}, { as: 'bob' });
    return {
      status,
      body: JSON.stringify(body).replaceAll(orderId, 'ID'),
      reads: read.mock.calls.map(([stream]) => stream.replace(orderId, 'ID')),
      isSooner: performance.now() - from < 49,
    };
  };

  const another = await cancel(ofAnn);
  expect(another).toEqual(await cancel('01a20184-bd75-737b-b1d4-a86ccd3d3e63'));
  expect(another).toMatchObject({ status: 404, reads: ['order-ID'], isSooner: false });
  expect(append).not.toHaveBeenCalled();
});
