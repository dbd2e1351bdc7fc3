import jwt from 'jsonwebtoken';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { call } from '../support/http.ts';
import { rawStatus } from '../support/raw-request.ts';
import { gbp, shopOf } from '../support/shop.ts';
import { type System, startSystem } from '../support/system.ts';
import { untilStatus } from '../support/wait-until.ts';

describe('a request that is not let through', () => {
  let system: System;
  let shop: ReturnType<typeof shopOf>;
  beforeAll(async () => {
    system = await startSystem();
    shop = shopOf(system);
    await shop.createItem('mug', 1_000);
  });
  afterAll(() => system.stop());
  afterEach(async () => {
    for (const url of [system.commandUrl, system.queryUrl])
      expect(await call('GET', `${url}/health/ready`)).toMatchObject({ status: 200 });
  });

  const mug = (quantity: unknown) => ({ items: [{ productId: 'mug', quantity }] });
  const signed = (payload: object, secret: string, options: jwt.SignOptions = {}) =>
    jwt.sign(payload, secret, { algorithm: 'HS256', ...options });
  const secret = () => String(system.env.JWT_SECRET);

  describe('a token', () => {
    const claims = { sub: 'eve', role: 'admin' };
    const bad: [string, () => string | undefined][] = [
      ['none', () => undefined],
      ['no JWT', () => 'abc'],
      [
        'signed with another secret',
        () => signed(claims, 'another secret that is long enough, too', { expiresIn: 60 }),
      ],
      ['expired', () => signed(claims, secret(), { expiresIn: -1 })],
      ['of alg none', () => jwt.sign(claims, null, { algorithm: 'none', expiresIn: 60 })],
      ['of alg HS512', () => signed(claims, secret(), { algorithm: 'HS512', expiresIn: 60 })],
      ['without exp', () => signed(claims, secret())],
      ['without iat', () => signed(claims, secret(), { expiresIn: 60, noTimestamp: true })],
      ['without role', () => signed({ sub: 'eve' }, secret(), { expiresIn: 60 })],
      ['without sub', () => signed({ role: 'admin' }, secret(), { expiresIn: 60 })],
      ['of an unknown role', () => signed({ sub: 'eve', role: 'owner' }, secret(), { expiresIn: 60 })],
      ['for another audience', () => signed({ ...claims, aud: 'newsletter' }, secret(), { expiresIn: 60 })],
      [
        'with an extension that must be understood',
        () => signed(claims, secret(), { expiresIn: 60, header: { alg: 'HS256', crit: ['cnf-bound'] } }),
      ],
      [
        'of another type',
        () => signed(claims, secret(), { expiresIn: 60, header: { alg: 'HS256', typ: 'at+jwt' } }),
      ],
      ['of a sub that is dots alone', () => signed({ ...claims, sub: '..' }, secret(), { expiresIn: 60 })],
      ['not valid yet', () => signed(claims, secret(), { expiresIn: 60, notBefore: 30 })],
      [
        'changed after it was signed',
        () => {
          const [head, , signature] = system.token('customer', 'eve').split('.');
          const payload = Buffer.from(JSON.stringify({ ...claims, iat: 1, exp: 9_999_999_999 }));
          return `${head}.${payload.toString('base64url')}.${signature}`;
        },
      ],
    ];
    it.each(bad)('%s is 401 on both APIs', async (_, make) => {
      const token = make();
      for (const answer of [await shop.place(mug(1), { token }), await shop.get('/orders', { token })]) {
        expect(answer).toMatchObject({ status: 401, body: { status: 401 } });
        expect(answer.headers.get('www-authenticate')).toContain('Bearer');
      }
    });

    it('in another scheme is 401', async () => {
      for (const authorization of [`Basic ${shop.operator}`, shop.operator, 'Bearer', 'Bearer '])
        expect((await shop.get('/orders', { token: undefined, headers: { authorization } })).status).toBe(
          401,
        );
    });
  });

  describe('a path', () => {
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

    it('with an id that is none is refused on the spot, as it came over the wire', async () => {
      const surprises: string[] = [];
      for (const [method, path] of paths) {
        const url = method === 'GET' ? system.queryUrl : system.commandUrl;
        const [, body] = (method !== 'GET' && bodies.find(([part]) => path?.includes(part))) || [];
        const headers = { authorization: `Bearer ${shop.operator}`, 'content-type': 'application/json' };
        const status = await rawStatus(url, `${method} ${path}`, headers, body ? JSON.stringify(body) : '');
        if (status !== 400) surprises.push(`${method} ${path} ${status}`);
      }
      expect(surprises).toEqual([]);
    });

    it.each([
      '/',
      '/api/v1',
      '/api/v1/orders/',
      '/api/v1/Orders',
      '//api/v1/orders',
      '/api/v1/orders/../../../health',
    ])('%s leads nowhere', async (path) => {
      for (const url of [system.commandUrl, system.queryUrl])
        expect(await rawStatus(url, `GET ${path}`, { authorization: `Bearer ${shop.operator}` })).toBe(404);
    });

    it('that is no HTTP is answered, and ends there', async () => {
      for (const url of [system.commandUrl, system.queryUrl]) {
        expect(await rawStatus(url, 'NONSENSE /\u0001', {})).toBe(400);
        expect(await rawStatus(url, 'GET /api/v1/orders', { big: 'x'.repeat(100_000) })).toBe(431);
      }
    });
  });

  describe('a query', () => {
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

    it('of another list or filter does not go on with this one', async () => {
      await shop.placeOne('mug', 1);
      const second = await shop.place({ items: [{ productId: 'mug', quantity: 1 }] });
      const { body } = await shop.readBack('/orders?limit=1', second);
      expect(body.next).toEqual(expect.any(String));
      for (const path of ['/inventory/items?', '/orders?status=shipped&'])
        expect((await shop.get(`${path}cursor=${body.next}`)).status).toBe(400);
    });

    it.each(['%00', '%0a', "'; drop table items; --", '%25_%25', '(.*)', '\ud83d\ude00', '$where', '"'])(
      'may search for %s, and finds nothing',
      async (text) => {
        const answer = await shop.get(
          `/inventory/items?query=${text.startsWith('%') ? text : encodeURIComponent(text)}`,
        );
        expect([200, 400]).toContain(answer.status);
        if (answer.status === 200 && !/%0/.test(text)) expect(answer.body.items).toEqual([]);
      },
    );

    it('position that is none in the header is 400', async () => {
      const headers = { 'orderstream-min-position': 'soon' };
      expect((await shop.get('/orders', { headers })).status).toBe(400);
    });

    it('to a command is 400', async () => {
      expect((await shop.post('/orders?dryRun=true', mug(1))).status).toBe(400);
    });
  });

  describe('resources of other customers', () => {
    it("a customer does not see another's order, nor that there is one", async () => {
      const orderId = await shop.placeOne('mug', 1, 'tok_ok', 'ann');
      await untilStatus(system, orderId, 'shipped');
      const token = shop.customer('bob');
      for (const path of [
        `/orders/${orderId}`,
        `/orders/${orderId}/timeline`,
        `/payments/${orderId}`,
        `/shipments/${orderId}`,
      ]) {
        const { status, body } = await shop.get(path, { token });
        const missing = await shop.get(path.replace(orderId, 'no-such-order'), { token });
        expect(status).toBe(404);
        expect({ ...body, detail: '' }).toEqual({ ...missing.body, detail: '' });
      }
      expect((await shop.post(`/orders/${orderId}/cancel`, {}, { token })).status).toBe(404);
      expect((await shop.post(`/orders/${orderId}/cancel`, {}, { token: shop.customer('ann') })).status).toBe(
        409,
      );
    });

    it('a customer neither orders nor lists for another', async () => {
      const token = shop.customer('bob');
      expect((await shop.place({ ...mug(1), customerId: 'ann' }, { token })).status).toBe(403);
      expect((await shop.place({ ...mug(1), customerId: 'bob' }, { token })).status).toBe(201);
      expect((await shop.get('/orders?customerId=ann', { token })).status).toBe(403);
      expect((await shop.get('/orders?customerId=bob', { token })).status).toBe(200);
    });

    it("an operator's commands and queries are 403 to a customer", async () => {
      const token = shop.customer('ann');
      const orderId = await shop.placeOne('mug', 1);
      const answers = [
        await shop.post('/inventory/items', { productId: 'x', name: 'X', price: gbp(1) }, { token }),
        await shop.patch('/inventory/items/mug', { name: 'Mine' }, { token }),
        await shop.post('/inventory/items/mug/receipts', { quantity: 1 }, { token }),
        await shop.post('/inventory/items/mug/adjustments', { quantity: -1, reason: 'x' }, { token }),
        await shop.post(`/shipments/${orderId}/dispatch`, { carrier: 'me', trackingNumber: '1' }, { token }),
        await shop.post(`/shipments/${orderId}/deliver`, undefined, { token }),
        await shop.post(`/payments/${orderId}/refund`, { reason: 'please' }, { token }),
        await shop.get('/inventory/items/mug/movements', { token }),
        await shop.get('/sales/daily', { token }),
        await shop.get('/projections', { token }),
        await shop.get('/customers/ann', { token }),
      ];
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 403));
    });

    it.each(['__proto__', 'auth0|5f7c', 'ann+1@example.com', 'urn:uuid:1', 'constructor', '-'])(
      'a customer may be called %s',
      async (sub) => {
        const orderId = await shop.placeOne('mug', 1, 'tok_ok', sub);
        expect(await untilStatus(system, orderId, 'shipped')).toMatchObject({ customerId: sub });
        const encoded = encodeURIComponent(sub);
        const { body } = await shop.get(`/orders?customerId=${encoded}`);
        expect(body.items).toMatchObject([{ orderId, customerId: sub }]);
        const { authorization, queryUrl } = {
          authorization: `Bearer ${shop.operator}`,
          queryUrl: system.queryUrl,
        };
        expect(await rawStatus(queryUrl, `GET /api/v1/customers/${encoded}`, { authorization })).toBe(200);
      },
    );
  });

  it('beyond the rate that is allowed is 429, for that caller alone', async () => {
    const limited = await startSystem({ RATE_LIMIT_REQUESTS: '3', RATE_LIMIT_SECONDS: '60' }, [
      'eventstore',
      'write-side',
    ]);
    try {
      const { post, customer } = shopOf(limited);
      const asCustomer = (sub: string) => post('/orders', mug(1), { token: customer(sub) });
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

  it('a method that a path does not have is 405', async () => {
    const answer = await call('DELETE', `${system.commandUrl}/api/v1/orders`, { token: shop.operator });
    expect(answer).toMatchObject({ status: 405, body: { status: 405 } });
  });

  it('after all of it an order goes through', async () => {
    await untilStatus(system, await shop.placeOne('mug', 1), 'shipped');
  });
});
