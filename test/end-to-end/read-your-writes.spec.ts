import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SharedSystem, useSharedShop } from '../support/shared-systems/use-shared-shop.ts';
import { gbp, type ShopClient } from '../support/shop.ts';
import { waitForTimelineEvent } from '../support/wait-until.ts';

describe('queries with a minimum position or an ETag', () => {
  let system: SharedSystem;
  let shop: ShopClient;
  /** A shipped order of bruno. */
  let orderId: string;
  beforeAll(async () => {
    ({ system, shop } = await useSharedShop());
    await shop.createItem('71053', 100, gbp(339), 'White Metal Lantern');
    await shop.createItem('21730', 0, gbp(425), 'Glass star frosted t-light holder');
    orderId = await shop.placeOne('71053', 2, 'tok_ok', 'bruno');
    await waitForTimelineEvent(shop, orderId, 'FulfilmentCompleted');
    // Every read model has all events of the order.
    await shop.readBack('/projections', await shop.createItem('fork', 100));
  });
  afterAll(() => system.release());

  const ids = (orders: readonly { orderId: string }[]) => orders.map(({ orderId }) => orderId);
  const customer = (sub: string) => ({ token: shop.customer(sub) });
  const models = () => [
    '/orders',
    `/orders/${orderId}`,
    `/orders/${orderId}/timeline`,
    '/inventory/items',
    '/inventory/items/71053',
    '/inventory/items/71053/movements',
    `/payments/${orderId}`,
    `/shipments/${orderId}`,
    '/customers/bruno',
    '/sales/daily',
    '/projections',
  ];

  it('a query at the position of a command shows what the command did', async () => {
    await shop.createItem('fresh', 0);
    for (let n = 1; n <= 10; n++) {
      const receipt = await shop.post('/inventory/items/fresh/receipts', { quantity: 1 });
      const [byHeader, byQuery] = await Promise.all([
        shop.readBack('/inventory/items/fresh', receipt),
        shop.get(`/inventory/items/fresh?minPosition=${receipt.body.position}`),
      ]);
      expect([byHeader.body.onHand, byQuery.body.onHand]).toEqual([n, n]);
      const placed = await shop.place({ items: [{ productId: 'fork', quantity: 1 }] }, customer('cleo'));
      const { body } = await shop.readBack('/orders?limit=1', placed, customer('cleo'));
      expect(ids(body.items)).toEqual([placed.body.orderId]);
    }
  });

  it('every query reaches the position of a command on any stream', async () => {
    const { body } = await shop.patch('/inventory/items/71053', { price: gbp(340) });
    for (const path of models()) {
      const query = `minPosition=${body.position}`;
      expect([path, (await shop.get(`${path}?${query}`)).status]).toEqual([path, 200]);
    }
  });

  it('a query at a position that is not reached answers 504 after the given wait', async () => {
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

  it('a query with the current ETag answers 304 until the document changes', async () => {
    for (const path of models().filter((path) => /\/[^/]*\d[^/]*$|bruno$/.test(path))) {
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
