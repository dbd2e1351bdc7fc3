import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call } from '../support/http.ts';
import { type SharedSystem, useSharedShop } from '../support/shared-systems/use-shared-shop.ts';

describe('both APIs', () => {
  let system: SharedSystem;
  beforeAll(async () => {
    ({ system } = await useSharedShop());
  });
  afterAll(() => system.release());

  it.each([
    [
      'commandUrl',
      [
        '/inventory/items',
        '/inventory/items/{productId}',
        '/inventory/items/{productId}/receipts',
        '/inventory/items/{productId}/adjustments',
        '/orders',
        '/orders/{orderId}/cancel',
        '/shipments/{orderId}/dispatch',
        '/shipments/{orderId}/deliver',
        '/payments/{orderId}/refund',
      ],
    ],
    [
      'queryUrl',
      [
        '/orders',
        '/orders/{orderId}',
        '/orders/{orderId}/timeline',
        '/inventory/items',
        '/inventory/items/{productId}',
        '/inventory/items/{productId}/movements',
        '/payments/{orderId}',
        '/shipments/{orderId}',
        '/customers/{customerId}',
        '/sales/daily',
        '/projections',
      ],
    ],
  ] as const)(
    'the API at %s serves OpenAPI, documentation, health and metrics without a token',
    async (api, paths) => {
      const description = await call('GET', `${system[api]}/openapi.json`);
      expect(description).toMatchObject({ status: 200, body: { openapi: expect.stringMatching(/^3\.1/) } });
      const described = Object.keys(description.body.paths);
      expect(described).toEqual(expect.arrayContaining(paths.map((path) => `/api/v1${path}`)));
      for (const path of ['/docs', '/health/live', '/health/ready', '/metrics'])
        expect([path, (await fetch(system[api] + path)).status]).toEqual([path, 200]);
    },
  );
});
