import jwt from 'jsonwebtoken';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ShopApi, secret, shopApi, tokens } from '../testing/shop-api.ts';

let shop: ShopApi;
let orderId: string;
beforeAll(async () => {
  shop = await shopApi();
  await shop.createItem('85123A');
  orderId = await shop.placeOrder();
});
afterAll(() => shop.close());

const order = (item: object) => ({ items: [{ productId: '85123A', quantity: 1, ...item }] });
const price = { amount: 1, currency: 'GBP' };
const item = { productId: 'new', name: 'New', price };

const bodies: readonly [string, string, unknown, number][] = [
  ['/api/v1/orders', 'no body', undefined, 400],
  ['/api/v1/orders', 'no JSON', '{"items":[', 400],
  ['/api/v1/orders', 'a text', '"items"', 422],
  ['/api/v1/orders', 'null', 'null', 422],
  ['/api/v1/orders', 'a missing field', {}, 422],
  ['/api/v1/orders', 'no items', { items: [] }, 422],
  ['/api/v1/orders', 'items that are no list', { items: { 0: { productId: '85123A', quantity: 1 } } }, 422],
  ['/api/v1/orders', 'an unknown field', { ...order({}), coupon: 'x' }, 422],
  ['/api/v1/orders', 'an unknown field of an item', order({ price: 1 }), 422],
  ['/api/v1/orders', 'a status', { ...order({}), status: 'confirmed' }, 422],
  [
    '/api/v1/orders',
    '__proto__',
    '{"items":[{"productId":"85123A","quantity":1}],"__proto__":{"role":"admin"}}',
    422,
  ],
  [
    '/api/v1/orders',
    '__proto__ within',
    '{"items":[{"productId":"85123A","quantity":1,"__proto__":{}}]}',
    422,
  ],
  ['/api/v1/orders', 'quantity as text', order({ quantity: '1' }), 422],
  ['/api/v1/orders', 'quantity 0', order({ quantity: 0 }), 422],
  ['/api/v1/orders', 'a negative quantity', order({ quantity: -1 }), 422],
  ['/api/v1/orders', 'half a unit', order({ quantity: 0.5 }), 422],
  ['/api/v1/orders', 'a huge quantity', order({ quantity: 1_000_001 }), 422],
  ['/api/v1/orders', 'a quantity beyond numbers', '{"items":[{"productId":"85123A","quantity":1e400}]}', 422],
  ['/api/v1/orders', 'an unknown product', order({ productId: 'absent' }), 422],
  ['/api/v1/orders', 'a product id $all', order({ productId: '$all' }), 422],
  ['/api/v1/orders', 'a product id ..', order({ productId: '..' }), 422],
  ['/api/v1/orders', 'a product id __proto__', order({ productId: '__proto__' }), 422],
  ['/api/v1/orders', 'a product id with a control character', order({ productId: 'a\u0000b' }), 422],
  ['/api/v1/orders', 'a product id with a newline at its end', order({ productId: '85123A\n' }), 422],
  ['/api/v1/orders', 'a customer with a slash', { ...order({}), customerId: 'a/b' }, 422],
  ['/api/v1/orders', 'no payment token', { ...order({}), payment: {} }, 422],
  ['/api/v1/orders', 'an empty payment token', { ...order({}), payment: { token: '' } }, 422],
  ['/api/v1/orders', '2 MiB', { ...order({}), customerId: 'x'.repeat(2 * 1024 * 1024) }, 413],
  ['/api/v1/inventory/items', 'a price of 0', { ...item, price: { ...price, amount: 0 } }, 422],
  ['/api/v1/inventory/items', 'a fraction of a penny', { ...item, price: { ...price, amount: 0.5 } }, 422],
  [
    '/api/v1/inventory/items',
    'a price beyond 2^53-1',
    { ...item, price: { ...price, amount: 2 ** 53 } },
    422,
  ],
  ['/api/v1/inventory/items', 'no currency', { ...item, price: { ...price, currency: 'gbp' } }, 422],
  ['/api/v1/inventory/items', 'an empty name', { ...item, name: '' }, 422],
  ['/api/v1/inventory/items', 'a name of 201', { ...item, name: 'x'.repeat(201) }, 422],
  ['/api/v1/inventory/items', 'a name with a control character', { ...item, name: 'a\u0007' }, 422],
  [
    '/api/v1/inventory/items',
    'a name with half a character',
    '{"productId":"new","name":"\\ud800","price":{"amount":1,"currency":"GBP"}}',
    422,
  ],
  ['/api/v1/inventory/items', 'a name of a space', { ...item, name: ' ' }, 422],
  ['/api/v1/inventory/items', 'a name of a Hangul filler', { ...item, name: '\u3164' }, 422],
  [
    '/api/v1/inventory/items',
    'an unknown currency code',
    { ...item, price: { ...price, currency: 'ZZZ' } },
    422,
  ],
  ['/api/v1/inventory/items', 'gold as currency', { ...item, price: { ...price, currency: 'XAU' } }, 422],
  [
    '/api/v1/inventory/items/85123A/adjustments',
    'a reason of a no-break space',
    { quantity: 1, reason: '\u00a0' },
    422,
  ],
  ['/api/v1/inventory/items', 'a negative opening stock', { ...item, quantity: -1 }, 422],
  ['/api/v1/inventory/items', 'an id with a slash', { ...item, productId: 'a/b' }, 422],
  ['/api/v1/inventory/items', 'an id of 65', { ...item, productId: 'a'.repeat(65) }, 422],
  ['/api/v1/inventory/items/85123A/receipts', 'a receipt of 0', { quantity: 0 }, 422],
  ['/api/v1/inventory/items/85123A/receipts', 'a receipt too large', { quantity: 1_000_000_001 }, 422],
  ['/api/v1/inventory/items/85123A/adjustments', 'an adjustment by 0', { quantity: 0, reason: 'x' }, 422],
  ['/api/v1/inventory/items/85123A/adjustments', 'no reason', { quantity: 1 }, 422],
  ['/api/v1/shipments/absent/dispatch', 'no number', { carrier: 'c' }, 422],
  [
    '/api/v1/shipments/absent/dispatch',
    'a carrier with a newline',
    { carrier: 'a\nb', trackingNumber: 't' },
    422,
  ],
  ['/api/v1/shipments/absent/deliver', 'a field where none is expected', { at: 'now' }, 422],
  ['/api/v1/payments/absent/refund', 'an empty reason', { reason: '' }, 422],
];

it.each(bodies)('POST %s with %s is rejected', async (path, _what, body, status) => {
  const response = await shop.post(path, body);
  expect(response.status).toBe(status);
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  expect(response.body).toMatchObject({ status, type: expect.stringMatching(/^urn:orderstream:problem:/) });
  if (status === 422) expect(response.body.errors.length).toBeGreaterThan(0);
});

describe('a text without a visible character is rejected in every text field', () => {
  const fields: readonly [string, string, string, object][] = [
    ['POST', '/api/v1/inventory/items', 'name', item],
    ['PATCH', '/api/v1/inventory/items/85123A', 'name', {}],
    ['POST', '/api/v1/inventory/items/85123A/retire', 'reason', {}],
    ['POST', '/api/v1/inventory/items/85123A/restore', 'reason', {}],
    ['POST', '/api/v1/inventory/items/85123A/adjustments', 'reason', { quantity: 1 }],
    ['POST', '/api/v1/orders/absent/cancel', 'reason', {}],
    ['POST', '/api/v1/shipments/absent/dispatch', 'carrier', { trackingNumber: 't' }],
    ['POST', '/api/v1/shipments/absent/dispatch', 'trackingNumber', { carrier: 'c' }],
    ['POST', '/api/v1/payments/absent/refund', 'reason', {}],
    ['POST', '/api/v1/payments/absent/resolve', 'reason', { outcome: 'failed' }],
    ['POST', '/api/v1/payments/absent/resolve', 'providerReference', { outcome: 'captured', reason: 'r' }],
    ['POST', `/api/v1/parked/${'0'.repeat(24)}/discard`, 'reason', {}],
  ];
  it.each(fields)('%s %s: %s', async (method, path, field, rest) => {
    for (const unseen of ['', ' ', '\u00a0', '\u200b', '\u202e', '\u3164', '\u2800', '\u0301', ' \ufeff '])
      expect(await shop.call(method, path, { body: { ...rest, [field]: unseen } })).toMatchObject({
        status: 422,
        body: { errors: [{ path: field, message: expect.stringContaining('visible') }] },
      });
  });
});

it('PATCH without a valid change is rejected with 422', async () => {
  for (const body of [{}, { quantity: 1 }, { name: 1 }])
    expect((await shop.call('PATCH', '/api/v1/inventory/items/85123A', { body })).status).toBe(422);
});

it.each(['$all', '..', '.', '%00', '%zz', '__proto__', '%2e%2e', 'a%2Fb', 'a%0a', 'a%20', 'x'.repeat(65)])(
  'the id %s in a path is rejected with 400',
  async (id) => {
    expect(await shop.rawStatus(`/api/v1/orders/${id}/cancel`)).toBe(400);
    expect(await shop.rawStatus(`/api/v1/shipments/${id}/deliver`)).toBe(400);
  },
);
it('an empty id in a path is rejected with 404', async () => {
  expect(await shop.rawStatus('/api/v1/orders//cancel')).toBe(404);
});
it('names of JavaScript properties are ordinary ids', async () => {
  for (const id of ['constructor', 'toString', 'hasOwnProperty'])
    expect((await shop.post(`/api/v1/orders/${id}/cancel`)).status).toBe(404);
});

describe('a header or query parameter that is not valid', () => {
  it.each(['3', '"3', '3"', '"3" "4"', 'w/"3"', '"a b"', ',', '*, "3"'])(
    'If-Match: %s is rejected with 400',
    async (match) => {
      const response = await shop.post(
        `/api/v1/orders/${orderId}/cancel`,
        {},
        { headers: { 'if-match': match } },
      );
      expect([response.status, response.body.errors[0].path]).toEqual([400, 'if-match']);
    },
  );
  it.each(['', 'x'.repeat(256), 'café', 'a\tb'])('Idempotency-Key: %j is rejected with 400', async (key) => {
    const options = { headers: { 'idempotency-key': key } };
    const response = await shop.post('/api/v1/orders', order({}), options);
    expect([response.status, response.body.errors[0].path]).toEqual([400, 'idempotency-key']);
  });
  it('an unknown query parameter is rejected with 400', async () => {
    expect((await shop.post('/api/v1/orders?dryRun=true', order({}))).status).toBe(400);
  });
});

describe('a token', () => {
  const [header = '', payload = ''] = tokens.operator.split('.');
  const none = Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url');
  it.each([
    ['absent', null],
    ['forged', `${header}.${payload}.c2lnbmF0dXJl`],
    ['of alg none', `${none}.${payload}.`],
    ['expired', jwt.sign({ sub: 'olga', role: 'operator', iat: 1, exp: 2 }, secret)],
    ['of an unknown role', jwt.sign({ sub: 'olga', role: 'god' }, secret, { expiresIn: 60 })],
  ])('that is %s is rejected with 401', async (_what, token) => {
    expect((await shop.post('/api/v1/orders', order({}), { token })).status).toBe(401);
  });

  it.each([
    ['POST', '/api/v1/inventory/items', item],
    ['PATCH', '/api/v1/inventory/items/85123A', { name: 'x' }],
    ['POST', '/api/v1/inventory/items/85123A/receipts', { quantity: 1 }],
    ['POST', '/api/v1/inventory/items/85123A/adjustments', { quantity: 1, reason: 'x' }],
    ['POST', '/api/v1/shipments/absent/dispatch', { carrier: 'c', trackingNumber: 't' }],
    ['POST', '/api/v1/shipments/absent/deliver', {}],
    ['POST', '/api/v1/payments/absent/refund', { reason: 'x' }],
  ])('of a customer may not call %s %s', async (method, path, body) => {
    expect((await shop.call(method, path, { as: 'ann', body })).status).toBe(403);
  });

  it.each(['ann lee', '$all', '..', 'a/b', ''])(
    'with the sub %j is rejected with 401 and a sentence',
    async (sub) => {
      const token = jwt.sign({ sub, role: 'customer' }, secret, { expiresIn: 60 });
      const response = await shop.post('/api/v1/orders', order({}), { token });
      expect(response.status).toBe(401);
      expect(response.body.detail).toContain('a customerId is 1 to 128 visible ASCII characters');
    },
  );

  it.each(['ann@example.com', 'auth0|5f7c', 'urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6', 'order:o1'])(
    'with the sub %s places an order for that customer',
    async (sub) => {
      const token = jwt.sign({ sub, role: 'customer' }, secret, { expiresIn: 60 });
      const response = await shop.post('/api/v1/orders', order({}), { token });
      expect([response.status, response.body.customerId]).toEqual([201, sub]);
    },
  );
});

it('an unavailable event store gets 503 with Retry-After', async () => {
  shop.store.failNextAppend('unavailable');
  const response = await shop.post('/api/v1/orders', order({}));
  expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5']);
});

it('the API is ready while its event store responds', async () => {
  expect((await shop.call('GET', '/health/ready', { token: null })).body).toEqual({
    status: 'ready',
    checks: { eventStore: 'ok', keyStore: 'ok' },
  });
});
