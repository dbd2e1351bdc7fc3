import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { productId } from '../../domain/kernel/ids.ts';
import { productCreated, productRetired, stockReceived } from '../../projections/testing/events.ts';
import { TestLog } from '../../projections/testing/log.ts';
import { type Answer, QueryApiHarness } from '../testing/harness.ts';

const ITEMS = '/api/v1/inventory/items';

function catalogue(): TestLog {
  const log = new TestLog();
  log.record('product-tea', productCreated('tea', 'Green tea'));
  log.record('inventory-tea', stockReceived('tea', 5));
  log.record('product-tea', {
    type: 'ProductDescribed',
    data: { productId: productId('tea'), description: 'From Uji.', imageUrl: null },
  });
  log.record('product-mug', productCreated('mug', 'Red mug'));
  log.record('product-old', productCreated('old', 'Old tea'));
  log.record('product-old', productRetired('old'));
  return log;
}

let api: QueryApiHarness;
let closed: QueryApiHarness;
beforeAll(async () => {
  api = await QueryApiHarness.start(catalogue(), {}, { publicCatalogue: true });
  closed = await QueryApiHarness.start(catalogue());
});
afterAll(() => Promise.all([api.stop(), closed.stop()]));

const tea = {
  productId: 'tea',
  name: 'Green tea',
  description: 'From Uji.',
  price: { amount: 255, currency: 'GBP' },
  available: 5,
};
const ids = ({ body }: Answer) => body.items.map(({ productId }: { productId: string }) => productId);

describe('the catalogue without a token', () => {
  it('lists the products on sale with name, price and available stock only', async () => {
    const { status, headers, body } = await api.anonymous(ITEMS);
    expect(status).toBe(200);
    expect(body.items[0]).toEqual(tea);
    expect(ids({ status, headers, body })).toEqual(['tea', 'mug']);
    expect(headers.vary).toMatch(/Authorization, Cookie/);
  });

  it('is searched by words, and read page by page', async () => {
    expect(ids(await api.anonymous(`${ITEMS}?query=tea`))).toEqual(['tea']);
    const first = await api.anonymous(`${ITEMS}?limit=1`);
    expect(ids(await api.anonymous(`${ITEMS}?limit=1&cursor=${first.body.next}`))).toEqual(['mug']);
  });

  it.each(['retired=true', 'retired=false', 'maxAvailable=3', 'fields=name', 'minPosition=1', 'wait=1'])(
    'rejects %s, which needs a token',
    async (parameter) => {
      const { status, body } = await api.anonymous(`${ITEMS}?${parameter}`);
      expect(status).toBe(400);
      expect(body.errors).toEqual([
        {
          path: parameter.split('=')[0],
          message: 'needs a token; without one, only query, limit, cursor are allowed',
        },
      ]);
    },
  );

  it('shows a product, and 304 to a client that has its current state', async () => {
    const { status, headers, body } = await api.anonymous(`${ITEMS}/tea`);
    expect({ status, body }).toEqual({ status: 200, body: tea });
    const current = { 'if-none-match': String(headers.etag) };
    expect((await api.anonymous(`${ITEMS}/tea`, current)).status).toBe(304);
  });

  it('has another ETag for a product than the whole item has', async () => {
    const whole = await api.get(`${ITEMS}/tea`, 'operator');
    const current = { 'if-none-match': String(whole.headers.etag) };
    expect((await api.anonymous(`${ITEMS}/tea`, current)).status).toBe(200);
  });

  it.each(['old', 'unknown'])('does not have the product %s', async (productId) => {
    expect((await api.anonymous(`${ITEMS}/${productId}`)).status).toBe(404);
  });

  it('never waits for a position', async () => {
    const future = { 'orderstream-min-position': '999999999' };
    expect((await api.anonymous(ITEMS, future)).status).toBe(200);
    expect((await api.anonymous(`${ITEMS}/tea`, future)).status).toBe(200);
  });

  it('is not shown to a client with an invalid token', async () => {
    expect((await api.anonymous(ITEMS, { authorization: 'Bearer wrong' })).status).toBe(401);
  });

  it('does not include movements', async () => {
    expect((await api.anonymous(`${ITEMS}/tea/movements`)).status).toBe(401);
  });

  it('is closed when the catalogue is not public', async () => {
    expect((await closed.anonymous(ITEMS)).status).toBe(401);
    expect((await closed.anonymous(`${ITEMS}/tea`)).status).toBe(401);
  });
});
