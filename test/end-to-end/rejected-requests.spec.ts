import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { call } from '../support/http.ts';
import { rawStatus } from '../support/raw-request.ts';
import { type SharedSystem, useSharedShop } from '../support/shared-systems/use-shared-shop.ts';
import { createShopClient, type ShopClient } from '../support/shop.ts';
import { startSystem } from '../support/system.ts';
import { waitForStatus } from '../support/wait-until.ts';
import { untilReady } from './helpers/until-ready.ts';

describe('a rejected request', () => {
  let system: SharedSystem;
  let shop: ShopClient;
  beforeAll(async () => {
    ({ system, shop } = await useSharedShop());
    await shop.createItem('bowl', 1_000);
  });
  afterAll(() => system.release());
  afterEach(() => untilReady(system.commandUrl, system.queryUrl));

  const bowls = (quantity: unknown) => ({ items: [{ productId: 'bowl', quantity }] });

  describe('for its path', () => {
    const ids = [
      '$all',
      '$et-OrderPlaced',
      '..',
      '%2e%2e',
      '.',
      '%00',
      'a%00',
      '%0a',
      'a%2fb',
      '__proto__',
      '%',
      '%ff',
    ];
    const paths = ids.flatMap((id) => [
      ['GET', `/api/v1/orders/${id}`],
      ['GET', `/api/v1/orders/${id}/timeline`],
      ['GET', `/api/v1/inventory/items/${id}`],
      ['GET', `/api/v1/inventory/items/${id}/movements`],
      ['GET', `/api/v1/payments/${id}`],
      ['GET', `/api/v1/shipments/${id}`],
      ['POST', `/api/v1/orders/${id}/cancel`],
      ['POST', `/api/v1/shipments/${id}/dispatch`],
      ['POST', `/api/v1/shipments/${id}/deliver`],
      ['POST', `/api/v1/payments/${id}/refund`],
      ['PATCH', `/api/v1/inventory/items/${id}`],
      ['POST', `/api/v1/inventory/items/${id}/receipts`],
    ]);
    const bodies: [string, unknown][] = [
      ['/dispatch', { carrier: 'DHL', trackingNumber: '1' }],
      ['/refund', { reason: 'x' }],
      ['/receipts', { quantity: 1 }],
      ['/items/', { name: 'x' }],
    ];

    it('answers 400 to a raw path with an invalid id', async () => {
      const otherStatuses: string[] = [];
      for (const [method, path] of paths) {
        const url = method === 'GET' ? system.queryUrl : system.commandUrl;
        const [, body] = (method !== 'GET' && bodies.find(([part]) => path?.includes(part))) || [];
        const headers = { authorization: `Bearer ${shop.operator}`, 'content-type': 'application/json' };
        const status = await rawStatus(url, `${method} ${path}`, headers, body ? JSON.stringify(body) : '');
        if (status !== 400) otherStatuses.push(`${method} ${path} ${status}`);
      }
      expect(otherStatuses).toEqual([]);
    });

    it.each([
      '/',
      '/api/v1',
      '/api/v1/orders/',
      '/api/v1/Orders',
      '//api/v1/orders',
      '/api/v1/orders/../../../health',
    ])('answers 404 to the path %s', async (path) => {
      for (const url of [system.commandUrl, system.queryUrl])
        expect(await rawStatus(url, `GET ${path}`, { authorization: `Bearer ${shop.operator}` })).toBe(404);
    });

    it('answers 400 to bytes that are no HTTP, and 431 to too large headers', async () => {
      for (const url of [system.commandUrl, system.queryUrl]) {
        expect(await rawStatus(url, 'NONSENSE /\u0001', {})).toBe(400);
        expect(await rawStatus(url, 'GET /api/v1/orders', { big: 'x'.repeat(100_000) })).toBe(431);
      }
    });
  });

  describe('for its query', () => {
    it.each([
      '/orders?limit=0',
      '/orders?limit=201',
      '/orders?limit=-1',
      '/orders?limit=ten',
      '/orders?limit=1.5',
      '/orders?limit=',
      '/orders?limit=5&limit=6',
      '/orders?colour=red',
      '/orders?__proto__=1',
      '/orders?status=lost',
      '/orders?customerId=$all',
      '/orders?cursor=broken',
      '/orders?cursor=',
      '/orders?cursor=e30',
      `/orders?cursor=${'A'.repeat(10_000)}`,
      '/orders/some-order?limit=5',
      '/inventory/items?cursor=bnVsbA',
      `/inventory/items?query=${'x'.repeat(201)}`,
      '/sales/daily?from=yesterday',
      '/sales/daily?from=2026-02-30',
      '/orders?minPosition=abc',
      '/orders?minPosition=-1',
      '/orders?minPosition=99999999999999999999',
      '/orders?wait=5001',
      '/orders?wait=-1',
    ])('%s is 400', async (path) => {
      expect(await shop.get(path)).toMatchObject({ status: 400, body: { status: 400, errors: [{}] } });
    });

    it('answers 400 to the cursor of another list or filter', async () => {
      await shop.placeOne('bowl', 1);
      const second = await shop.place({ items: [{ productId: 'bowl', quantity: 1 }] });
      const { body } = await shop.readBack('/orders?limit=1', second);
      expect(body.next).toEqual(expect.any(String));
      for (const path of ['/inventory/items?', '/orders?status=shipped&'])
        expect((await shop.get(`${path}cursor=${body.next}`)).status).toBe(400);
    });

    it.each(['%00', '%0a', "'; drop table items; --", '%25_%25', '(.*)', '\ud83d\ude00', '$where', '"'])(
      'accepts a search for %s and finds nothing, or answers 400',
      async (text) => {
        const answer = await shop.get(
          `/inventory/items?query=${text.startsWith('%') ? text : encodeURIComponent(text)}`,
        );
        expect([200, 400]).toContain(answer.status);
        if (answer.status === 200 && !/%0/.test(text)) expect(answer.body.items).toEqual([]);
      },
    );

    it('answers 400 to an invalid minimum position in the header', async () => {
      const headers = { 'orderstream-min-position': 'soon' };
      expect((await shop.get('/orders', { headers })).status).toBe(400);
    });

    it('answers 400 to a command with a query string', async () => {
      expect((await shop.post('/orders?dryRun=true', bowls(1))).status).toBe(400);
    });
  });

  it('is 429 beyond the rate limit, for that caller only', async () => {
    const limited = await startSystem({ RATE_LIMIT_REQUESTS: '3', RATE_LIMIT_SECONDS: '60' }, [
      'eventstore',
      'write-side',
    ]);
    try {
      const { post, customer } = createShopClient(limited);
      const asCustomer = (sub: string) => post('/orders', bowls(1), { token: customer(sub) });
      const answers = [];
      for (let n = 0; n < 4; n++) answers.push(await asCustomer('ann'));
      expect(answers.map(({ status }) => status)).toEqual([422, 422, 422, 429]);
      expect(answers[3]?.headers.get('retry-after')).toMatch(/^[1-9]\d?$/);
      expect((await asCustomer('bob')).status).toBe(422);
      expect((await call('GET', `${limited.commandUrl}/health/live`)).status).toBe(200);
    } finally {
      await limited.stop();
    }
  });

  it('is 405 for a method that the path does not support', async () => {
    const answer = await call('DELETE', `${system.commandUrl}/api/v1/orders`, { token: shop.operator });
    expect(answer).toMatchObject({ status: 405, body: { status: 405 } });
  });

  it('does not impair the system: an order ships afterwards', async () => {
    await waitForStatus(system, await shop.placeOne('bowl', 1), 'shipped');
  });
});
