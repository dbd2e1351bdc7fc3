import { afterAll, beforeAll, expect, it } from 'vitest';
import { startEmbeddedNode } from '../../embedded/node.ts';
import { catalogue } from '../../event-catalogue/catalogue.ts';
import { connectEventStore } from '../../event-store/connect.ts';
import type { EventStore } from '../../event-store/event-store.ts';
import { type ShopApi, shopApi } from '../testing/shop-api.ts';

let shop: ShopApi<EventStore>;
let end: () => Promise<void>;
beforeAll(async () => {
  const node = await startEmbeddedNode({ memory: true, port: 0 });
  const store = connectEventStore({ catalogue, url: node.connectionString });
  shop = await shopApi({ store });
  end = async () => {
    await shop.close();
    await store.close();
    await node.stop();
  };
});
afterAll(() => end());

it('over EventStoreDB’s client, the command API creates an item, places an order once from duplicates, and cancels it with the current revision only', async () => {
  const item = { productId: '85123A', name: 'MUG', price: { amount: 255, currency: 'GBP' }, quantity: 5 };
  const created = await shop.post('/api/v1/inventory/items', item);
  expect(created.status).toBe(201);

  const key = { as: 'ann', headers: { 'idempotency-key': 'invoice 536365' } } as const;
  const wanted = { items: [{ productId: '85123A', quantity: 2 }] };
  const duplicates = await Promise.all([1, 2, 3].map(() => shop.post('/api/v1/orders', wanted, key)));
  const [placed] = duplicates;
  expect(duplicates.map(({ status, body }) => [status, body])).toEqual(
    duplicates.map(() => [201, placed?.body]),
  );
  expect(BigInt(placed?.body.position)).toBeGreaterThan(BigInt(created.body.position));

  const { orderId } = placed?.body ?? {};
  const cancel = (match: string) =>
    shop.post(`/api/v1/orders/${orderId}/cancel`, {}, { as: 'ann', headers: { 'if-match': match } });
  expect((await cancel('"1"')).status).toBe(412);
  const cancelled = await cancel('"0"');
  expect([cancelled.status, cancelled.body.revision]).toEqual([200, '1']);
  expect(await shop.typesOf(`shipment-${orderId}`)).toEqual(['ShipmentCancelled']);

  const again = await shop.post('/api/v1/orders', wanted, key);
  expect(again.body).toEqual(placed?.body);
});
