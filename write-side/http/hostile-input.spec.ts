import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OrderId, ProductId } from '../../domain/kernel/ids.ts';
import { entityTags } from '../../platform/http/response/etags.ts';
import { expectNoUnexpectedErrors } from '../../platform/http/testing/hostile-bytes.ts';
import { type ShopApi, shopApi, tokens } from '../testing/shop-api.ts';

let shop: ShopApi;
beforeAll(async () => {
  shop = await shopApi();
  await shop.createItem('85123A');
});
afterAll(() => shop.close());

const item = { productId: '85123A', quantity: 1 };
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.string({ maxLength: 80 }),
  fc.constantFrom(
    '$all',
    '$$order-1',
    '..',
    '.',
    '__proto__',
    'constructor',
    'order-1',
    'a/b',
    'a\\b',
    '%00',
    ' a',
    'a ',
  ),
);
/** Without `.` and `..`, which `fetch` resolves in a path, and without lone surrogates, which it cannot encode. */
const inPath = text.filter((id) => !/\p{Cs}/u.test(id) && !['', '.', '..'].includes(id));

describe('any text as an id', () => {
  it('in a path is rejected with 404 if it is a valid id, else with 400', async () => {
    const command = fc.constantFrom(
      ['orders', 'cancel', {}],
      ['shipments', 'deliver', {}],
      ['payments', 'refund', { reason: 'x' }],
    );
    await fc.assert(
      fc.asyncProperty(command, inPath, async ([of, what, body], id) => {
        const { status } = await shop.post(`/api/v1/${of}/${encodeURIComponent(id)}/${what}`, body);
        expect(status).toBe(OrderId.safeParse(id).success ? 404 : 400);
      }),
    );
  });

  it('in a body creates an item or is rejected with its path, and never writes a stream of another category', async () => {
    await fc.assert(
      fc.asyncProperty(text, async (productId) => {
        const { status, body } = await shop.createItem(productId);
        if (ProductId.safeParse(productId).success) expect([201, 409]).toContain(status);
        else expect([status, body.errors[0].path]).toEqual([422, 'productId']);
      }),
    );
    const streams = new Set<string>();
    for await (const { stream } of shop.store.readAll({ prefixes: [''] })) streams.add(stream);
    for (const stream of streams) expect(stream).toMatch(/^(product|inventory|order|request)-[\w. -]+$/);
  });
});

describe('any text as a header', () => {
  it('Idempotency-Key: 1 to 255 printable characters run a request once; other texts are rejected with 400', async () => {
    const key = fc.oneof(
      fc.string({ minLength: 1, maxLength: 260 }),
      // `fetch` sends no other control character than the tab.
      fc.string({ unit: fc.constantFrom('a', ' ', '\t', '\u00a0', 'é', 'ÿ'), maxLength: 10 }),
    );
    const orders = new Map<string, string>();
    await fc.assert(
      fc.asyncProperty(key, async (given) => {
        const headers = { 'idempotency-key': given };
        const place = () => shop.post('/api/v1/orders', { items: [item] }, { headers });
        const first = await place();
        // HTTP removes spaces around a header value.
        const sent = given.replace(/^[ \t]+|[ \t]+$/g, '');
        if (!/^[\x20-\x7e]{1,255}$/.test(sent)) {
          expect(first.status).toBe(400);
          return;
        }
        expect(first.status).toBe(201);
        expect((await place()).body).toEqual(first.body);
        const before = orders.get(sent);
        if (before !== undefined) expect(first.body.orderId).toBe(before);
        orders.set(sent, first.body.orderId);
      }),
    );
    expect(new Set(orders.values()).size).toBe(orders.size);
  });

  it('If-Match: responds 200 for the current revision, 412 for another one, 400 for a malformed ETag', async () => {
    const match = fc.oneof(
      fc.bigInt({ min: 0n, max: 10n ** 20n }).map((revision) => `"${revision}"`),
      fc.string({ maxLength: 30 }),
    );
    await fc.assert(
      fc.asyncProperty(match, async (given) => {
        const { status } = await shop.call('PATCH', '/api/v1/inventory/items/85123A', {
          body: { name: 'name of 85123A' },
          headers: { 'if-match': given },
        });
        const tags = entityTags(given.trim());
        if (tags === undefined) expect(status).toBe(400);
        else {
          const fits = tags === '*' || tags.some(({ isWeak, opaque }) => !isWeak && /^0{1,19}$/.test(opaque));
          expect(status).toBe(fits ? 200 : 412);
        }
      }),
    );
  });

  it('Authorization: rejects every changed or invented token with 401', async () => {
    const [header = '', payload = '', signature = ''] = tokens.operator.split('.');
    const forged = fc
      .tuple(
        fc.integer({ min: 0, max: tokens.operator.length - 2 }),
        fc.constantFrom('A', 'z', '.', '-', '_'),
      )
      .filter(([at, by]) => tokens.operator[at] !== by)
      .map(([at, by]) => `${tokens.operator.slice(0, at)}${by}${tokens.operator.slice(at + 1)}`);
    const elsewhere = fc
      .record({ alg: fc.constantFrom('none', 'None', 'HS384', 'RS256', 'HS256', ''), kid: fc.string() })
      .map((claims) => `${Buffer.from(JSON.stringify(claims)).toString('base64url')}.${payload}.${signature}`)
      .filter((token) => !token.startsWith(header));
    const token = fc.oneof(forged, elsewhere, fc.string().map(encodeURIComponent));
    await fc.assert(
      fc.asyncProperty(token, async (given) => {
        expect((await shop.post('/api/v1/orders', { items: [item] }, { token: given })).status).toBe(401);
      }),
    );
  });
});

it('the command API logs no error for any sequence of bytes', async () => {
  const { port } = shop;
  const paths = [
    '/api/v1/orders',
    '/api/v1/orders/o-1/cancel',
    '/api/v1/inventory/items',
    '/api/v1/inventory/items/85123A',
    '/api/v1/payments/o-1/resolve',
    '/api/v1/parked',
    '/openapi.json',
    '/docs/',
    '/docs/swagger-ui.css',
    '/health/ready',
  ];
  await expectNoUnexpectedErrors({ port, paths, token: tokens.operator });
  expect(shop.loggedErrors).toEqual([]);
});
