import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ShopApi, shopApi } from './testing/shop-api.ts';

let shop: ShopApi;
// biome-ignore lint/suspicious/noExplicitAny: a JSON document, for a test to look into
let document: any;
beforeAll(async () => {
  shop = await shopApi();
  document = (await shop.call('GET', '/openapi.json', { token: null })).body;
});
afterAll(() => shop.close());

test('every command is described', () => {
  const commands = Object.entries<object>(document.paths)
    .filter(([path]) => path.startsWith('/api/'))
    .flatMap(([path, operations]) => Object.keys(operations).map((method) => `${method} ${path}`));
  expect(commands).toEqual([
    'post /api/v1/orders',
    'post /api/v1/orders/{orderId}/cancel',
    'post /api/v1/inventory/items',
    'patch /api/v1/inventory/items/{productId}',
    'post /api/v1/inventory/items/{productId}/retire',
    'post /api/v1/inventory/items/{productId}/restore',
    'post /api/v1/inventory/items/{productId}/receipts',
    'post /api/v1/inventory/items/{productId}/adjustments',
    'post /api/v1/shipments/{orderId}/dispatch',
    'post /api/v1/shipments/{orderId}/deliver',
    'post /api/v1/payments/{orderId}/refund',
    'post /api/v1/payments/{orderId}/resolve',
    'get /api/v1/parked',
    'get /api/v1/parked/{id}',
    'post /api/v1/parked/replay',
    'post /api/v1/parked/{id}/replay',
    'post /api/v1/parked/{id}/discard',
  ]);
});

test('bodies are named, and nothing that is sent is called read-only', () => {
  const body = document.paths['/api/v1/orders'].post.requestBody;
  expect(body).toEqual({
    required: true,
    content: { 'application/json': { schema: { $ref: '#/components/schemas/NewOrder' } } },
  });
  expect(document.components.schemas.NewItem.additionalProperties).toBe(false);
  expect(JSON.stringify(document)).not.toContain('readOnly');
});

test('every command takes the two headers, and answers with revision and position', () => {
  for (const [path, operations] of Object.entries<Record<string, typeof document>>(document.paths)) {
    if (!path.startsWith('/api/')) continue;
    for (const [method, { parameters, responses }] of Object.entries(operations)) {
      if (method === 'get') continue;
      const headers = parameters.filter((one: { in: string }) => one.in === 'header');
      expect(headers.map(({ name }: { name: string }) => name)).toEqual(['idempotency-key', 'if-match']);
      const success = responses['200'] ?? responses['201'];
      expect(Object.keys(success.headers)).toEqual(['ETag', 'Orderstream-Position']);
    }
  }
});
