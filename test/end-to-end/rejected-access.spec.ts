import jwt from 'jsonwebtoken';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { rawStatus } from '../support/raw-request.ts';
import { type SharedSystem, useSharedShop } from '../support/shared-systems/use-shared-shop.ts';
import { gbp, type ShopClient } from '../support/shop.ts';
import { waitForStatus } from '../support/wait-until.ts';
import { untilReady } from './helpers/until-ready.ts';

describe('access to both APIs is rejected', () => {
  let system: SharedSystem;
  let shop: ShopClient;
  beforeAll(async () => {
    ({ system, shop } = await useSharedShop());
    await shop.createItem('cup', 1_000);
  });
  afterAll(() => system.release());
  afterEach(() => untilReady(system.commandUrl, system.queryUrl));

  const cups = (quantity: unknown) => ({ items: [{ productId: 'cup', quantity }] });
  const signed = (payload: object, secret: string, options: jwt.SignOptions = {}) =>
    jwt.sign(payload, secret, { algorithm: 'HS256', ...options });
  const secret = () => String(system.env.JWT_SECRET);

  describe('for an invalid token', () => {
    const claims = { sub: 'eve', role: 'admin' };
    const bad: [string, () => string | undefined][] = [
      ['no token', () => undefined],
      ['a text that is no JWT', () => 'abc'],
      [
        'a token signed with another secret',
        () => signed(claims, 'another secret that is long enough, too', { expiresIn: 60 }),
      ],
      ['an expired token', () => signed(claims, secret(), { expiresIn: -1 })],
      ['a token of alg none', () => jwt.sign(claims, null, { algorithm: 'none', expiresIn: 60 })],
      ['a token of alg HS512', () => signed(claims, secret(), { algorithm: 'HS512', expiresIn: 60 })],
      ['a token without exp', () => signed(claims, secret())],
      ['a token without iat', () => signed(claims, secret(), { expiresIn: 60, noTimestamp: true })],
      ['a token without role', () => signed({ sub: 'eve' }, secret(), { expiresIn: 60 })],
      ['a token without sub', () => signed({ role: 'admin' }, secret(), { expiresIn: 60 })],
      [
        'a token of an unknown role',
        () => signed({ sub: 'eve', role: 'owner' }, secret(), { expiresIn: 60 }),
      ],
      [
        'a token for another audience',
        () => signed({ ...claims, aud: 'newsletter' }, secret(), { expiresIn: 60 }),
      ],
      [
        'a token with an unknown critical extension',
        () => signed(claims, secret(), { expiresIn: 60, header: { alg: 'HS256', crit: ['cnf-bound'] } }),
      ],
      [
        'a token of another type',
        () => signed(claims, secret(), { expiresIn: 60, header: { alg: 'HS256', typ: 'at+jwt' } }),
      ],
      [
        'a token whose sub consists of dots',
        () => signed({ ...claims, sub: '..' }, secret(), { expiresIn: 60 }),
      ],
      ['a token that is not valid yet', () => signed(claims, secret(), { expiresIn: 60, notBefore: 30 })],
      [
        'a token that was changed after signing',
        () => {
          const [head, , signature] = system.token('customer', 'eve').split('.');
          const payload = Buffer.from(JSON.stringify({ ...claims, iat: 1, exp: 9_999_999_999 }));
          return `${head}.${payload.toString('base64url')}.${signature}`;
        },
      ],
    ];
    it.each(bad)('%s is 401 on both APIs', async (_, make) => {
      const token = make();
      for (const answer of [await shop.place(cups(1), { token }), await shop.get('/orders', { token })]) {
        expect(answer).toMatchObject({ status: 401, body: { status: 401 } });
        expect(answer.headers.get('www-authenticate')).toContain('Bearer');
      }
    });

    it('a token in another authorization scheme is 401', async () => {
      for (const authorization of [`Basic ${shop.operator}`, shop.operator, 'Bearer', 'Bearer '])
        expect((await shop.get('/orders', { token: undefined, headers: { authorization } })).status).toBe(
          401,
        );
    });
  });

  describe('for resources of other customers', () => {
    it("answers 404 to a customer for another's order, as for an order that does not exist", async () => {
      const orderId = await shop.placeOne('cup', 1, 'tok_ok', 'ann');
      await waitForStatus(system, orderId, 'shipped');
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

    it('answers 403 to a customer who orders or lists for another', async () => {
      const token = shop.customer('bob');
      expect((await shop.place({ ...cups(1), customerId: 'ann' }, { token })).status).toBe(403);
      expect((await shop.place({ ...cups(1), customerId: 'bob' }, { token })).status).toBe(201);
      expect((await shop.get('/orders?customerId=ann', { token })).status).toBe(403);
      expect((await shop.get('/orders?customerId=bob', { token })).status).toBe(200);
    });

    it('answers 403 to a customer for commands and queries of operators', async () => {
      const token = shop.customer('ann');
      const orderId = await shop.placeOne('cup', 1);
      const answers = [
        await shop.post('/inventory/items', { productId: 'x', name: 'X', price: gbp(1) }, { token }),
        await shop.patch('/inventory/items/cup', { name: 'Mine' }, { token }),
        await shop.post('/inventory/items/cup/receipts', { quantity: 1 }, { token }),
        await shop.post('/inventory/items/cup/adjustments', { quantity: -1, reason: 'x' }, { token }),
        await shop.post(`/shipments/${orderId}/dispatch`, { carrier: 'me', trackingNumber: '1' }, { token }),
        await shop.post(`/shipments/${orderId}/deliver`, undefined, { token }),
        await shop.post(`/payments/${orderId}/refund`, { reason: 'please' }, { token }),
        await shop.get('/inventory/items/cup/movements', { token }),
        await shop.get('/sales/daily', { token }),
        await shop.get('/projections', { token }),
        await shop.get('/customers/ann', { token }),
      ];
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 403));
    });

    it.each(['__proto__', 'auth0|5f7c', 'ann+1@example.com', 'urn:uuid:1', 'constructor', '-'])(
      'accepts the customer id %s',
      async (sub) => {
        const orderId = await shop.placeOne('cup', 1, 'tok_ok', sub);
        expect(await waitForStatus(system, orderId, 'shipped')).toMatchObject({ customerId: sub });
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
});
