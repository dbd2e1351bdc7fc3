import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EventStream } from '../../read-api/testing/event-stream.ts';
import { call } from '../support/http.ts';
import { type SharedSystem, useSharedShop } from '../support/shared-systems/use-shared-shop.ts';

describe('a whole system behind its gateway', () => {
  let system: SharedSystem;
  beforeAll(async () => {
    ({ system } = await useSharedShop());
  });
  afterAll(() => system.release());

  const ask = (method: string, path: string, sub: string, body?: unknown) =>
    call(method, `${system.gatewayUrl}${path}`, {
      token: system.token('operator', sub),
      ...(body !== undefined && { body }),
    });
  const price = { amount: 255, currency: 'GBP' };

  it('shows each caller its own writes at once, without being told their positions', async () => {
    const item = { productId: 'gate-mug', name: 'Mug of the gate', price, quantity: 1_000 };
    expect((await ask('POST', '/api/v1/inventory/items', 'gil', item)).status).toBe(201);
    for (let n = 0; n < 10; n++) {
      const placed = await ask('POST', '/api/v1/orders', 'gil', {
        items: [{ productId: 'gate-mug', quantity: 1 }],
      });
      expect(placed.status).toBe(201);
      const shown = await ask('GET', `/api/v1/orders/${placed.body.orderId}`, 'gil');
      expect([shown.status, shown.headers.get('orderstream-behind')]).toEqual([200, null]);
      expect(shown.body.orderId).toBe(placed.body.orderId);
    }
  });

  it('accepts the ETag of a query in If-Match, and rejects a stale one', async () => {
    const item = { productId: 'gate-fork', name: 'Fork of the gate', price };
    await ask('POST', '/api/v1/inventory/items', 'gil', item);
    const { headers } = await ask('GET', '/api/v1/inventory/items/gate-fork', 'gil');
    const change = (name: string) =>
      call('PATCH', `${system.gatewayUrl}/api/v1/inventory/items/gate-fork`, {
        token: system.token('operator', 'gil'),
        headers: { 'if-match': headers.get('etag') ?? '' },
        body: { name },
      });
    expect((await change('Fork')).status).toBe(200);
    expect((await change('Spoon')).status).toBe(412);
  });

  it('streams what happens, and resumes after the id that the client names', async () => {
    const authorization = `Bearer ${system.token('operator', 'gil')}`;
    const port = Number(new URL(system.gatewayUrl).port);
    const item = { productId: 'gate-cup', name: 'Cup of the gate', price, quantity: 5 };
    await ask('POST', '/api/v1/inventory/items', 'gil', item);
    const { body } = await ask('POST', '/api/v1/orders', 'gil', {
      items: [{ productId: 'gate-cup', quantity: 1 }],
    });
    const path = `/api/v1/orders/${body.orderId}/live`;
    const first = await EventStream.open(port, path, { authorization });
    const [placed] = await first.types(3);
    expect([first.status, placed]).toEqual([200, 'OrderPlaced']);
    first.close();
    const [, second] = first.events;
    const resumed = await EventStream.open(port, path, { authorization, 'last-event-id': second?.id ?? '' });
    await resumed.types(1);
    expect(resumed.events[0]?.id).toBe(first.events[2]?.id);
    resumed.close();
  });

  it('serves the documentation of all requests, and the keys of session tokens', async () => {
    const { body } = await call('GET', `${system.gatewayUrl}/openapi.json`);
    expect(Object.keys(body.paths['/api/v1/orders']).sort()).toEqual(['get', 'post']);
    expect((await fetch(`${system.gatewayUrl}/docs`)).status).toBe(200);
    expect((await call('GET', `${system.gatewayUrl}/.well-known/jwks.json`)).body.keys).toEqual(
      expect.arrayContaining([expect.objectContaining({ kty: 'EC' })]),
    );
  });
});
