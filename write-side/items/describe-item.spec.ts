import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ShopApi, shopApi } from '../testing/shop-api.ts';

let shop: ShopApi;
beforeEach(async () => {
  shop = await shopApi({ imageOrigins: ['https://images.example'] });
});
afterEach(() => shop.close());

const items = '/api/v1/inventory/items';
const mug = { productId: 'mug', name: 'Mug', price: { amount: 255, currency: 'GBP' } };
const imageUrl = 'https://images.example/mug.jpg';
const description = 'Keeps tea hot.\nHolds 300 ml.';

describe('description and picture of an item', () => {
  it('are stored with a new item, and returned', async () => {
    const { status, body } = await shop.post(items, { ...mug, description, imageUrl });
    expect({ status, body }).toMatchObject({ status: 201, body: { description, imageUrl, revision: '1' } });
    expect(await shop.typesOf('product-mug')).toEqual(['ProductCreated', 'ProductDescribed']);
  });

  it('are changed and removed one by one', async () => {
    await shop.post(items, { ...mug, description });
    const change = (body: object) => shop.call('PATCH', `${items}/mug`, { body });
    expect((await change({ imageUrl })).body).toMatchObject({ description, imageUrl });
    const { body } = await change({ description: null });
    expect(body).toMatchObject({ imageUrl, revision: '3' });
    expect(body).not.toHaveProperty('description');
  });

  it.each([
    ['imageUrl', 'https://elsewhere.example/mug.jpg', 'must be of https://images.example'],
    ['imageUrl', 'https://images.example.elsewhere.example/', 'must be of https://images.example'],
    ['imageUrl', 'http://images.example/mug.jpg', 'must be an https address'],
    ['imageUrl', 'mug.jpg', 'must be an https address'],
    ['description', '', 'must be 1 to 2000 characters'],
    ['description', 'x'.repeat(2_001), 'must be 1 to 2000 characters'],
    ['description', 'a\u0000b', 'without control characters other than line feeds'],
  ])('is rejected with 422 when %s is %j', async (path, value, message) => {
    const created = await shop.post(items, { ...mug, [path]: value });
    expect(created.status).toBe(422);
    expect(created.body.errors).toEqual([{ path, message: expect.stringContaining(message) }]);
    await shop.post(items, mug);
    const changed = await shop.call('PATCH', `${items}/mug`, { body: { [path]: value } });
    expect(changed.status).toBe(422);
  });
});

it('a picture is rejected with 422 when IMAGE_ORIGINS is not set', async () => {
  const strict = await shopApi();
  const { status, body } = await strict.post(items, { ...mug, imageUrl });
  expect({ status, errors: body.errors }).toEqual({
    status: 422,
    errors: [
      {
        path: 'imageUrl',
        message: `no pictures are allowed, since IMAGE_ORIGINS is not set, not "${imageUrl}"`,
      },
    ],
  });
  await strict.close();
});
