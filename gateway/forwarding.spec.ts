import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { gatewayKeyOf } from '../platform/http/request/gateway-key.ts';
import { bearer, secret, TestGateway } from './testing/gateway-kit.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await TestGateway.start();
});
afterAll(() => gateway.stop());
beforeEach(() => {
  gateway.command.got.length = 0;
  gateway.query.got.length = 0;
});

const order = { items: [{ productId: 'mug', quantity: 1 }] };

describe('a request through the gateway', () => {
  it('reaches the API that serves it, with path, query, method and body unchanged', async () => {
    await gateway.post('/api/v1/orders', order);
    await gateway.get('/api/v1/customers/auth0%7C5f7c?fields=orders&x=%2e%2e//');
    expect(gateway.command.got).toMatchObject([
      { method: 'POST', url: '/api/v1/orders', body: JSON.stringify(order) },
    ]);
    expect(gateway.query.got).toMatchObject([
      { method: 'GET', url: '/api/v1/customers/auth0%7C5f7c?fields=orders&x=%2e%2e//', body: '' },
    ]);
  });

  it.each([
    ['authorization', 'Bearer x.y.z'],
    ['cookie', 'orderstream_access=a; theme=dark'],
    ['idempotency-key', 'order-1'],
    ['if-match', '"order-0.at-100.v-2", W/"x"'],
    ['if-none-match', '"3"'],
    ['last-event-id', '10423'],
    ['origin', 'https://shop.example'],
    ['sec-fetch-site', 'same-origin'],
    ['orderstream-min-position', '10423'],
    ['content-type', 'application/json; charset=utf-8'],
  ])('keeps the header %s', async (name, value) => {
    await gateway.call('POST', '/api/v1/orders', { headers: { [name]: value }, body: '{}' });
    expect(gateway.command.last.headers[name]).toBe(value);
  });

  it('keeps a header that is sent twice as two, so that the API can reject it', async () => {
    await gateway.get('/api/v1/orders', {
      'idempotency-key': ['a', 'b'],
      authorization: ['Bearer a', 'Bearer b'],
    });
    const { rawHeaders } = gateway.query.last;
    const values = (name: string) =>
      rawHeaders.flatMap((one, at) =>
        one.toLowerCase() === name && at % 2 === 0 ? [rawHeaders[at + 1]] : [],
      );
    expect(values('idempotency-key')).toEqual(['a', 'b']);
    expect(values('authorization')).toEqual(['Bearer a', 'Bearer b']);
  });

  it('loses the fields that are about one connection, and those that Connection names', async () => {
    await gateway.call('POST', '/api/v1/orders', {
      headers: {
        connection: 'close, X-Drop',
        'x-drop': '1',
        'keep-alive': 'timeout=5',
        te: 'trailers',
        trailer: 'x-late',
        upgrade: 'websocket',
        'proxy-authorization': 'Basic x',
        'proxy-connection': 'keep-alive',
        'x-keep': '1',
        'transfer-encoding': 'chunked',
      },
      body: '{}',
    });
    const { headers, body } = gateway.command.last;
    expect(headers).toMatchObject({ 'x-keep': '1', connection: 'keep-alive', 'content-length': '2' });
    expect(body).toBe('{}');
    for (const name of ['x-drop', 'keep-alive', 'te', 'trailer', 'upgrade', 'transfer-encoding'])
      expect(headers).not.toHaveProperty(name);
    expect(Object.keys(headers).filter((name) => name.startsWith('proxy-'))).toEqual([]);
  });

  it('keeps its token although Connection names it', async () => {
    await gateway.get('/api/v1/orders', { connection: 'authorization, host', authorization: 'Bearer a' });
    expect(gateway.query.last.headers.authorization).toBe('Bearer a');
  });

  it('has the address of the client, whatever the client claims, and the key of the gateway', async () => {
    await gateway.get('/api/v1/orders', {
      'x-forwarded-for': '203.0.113.9',
      'x-forwarded-proto': 'https',
      'x-forwarded-anything': 'x',
      'x-real-ip': '203.0.113.9',
      forwarded: 'for=203.0.113.9',
      'orderstream-gateway-key': 'guessed',
      'orderstream-last-write': '99',
      host: 'shop.example',
    });
    const { headers } = gateway.query.last;
    expect(headers).toMatchObject({
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-host': 'shop.example',
      'orderstream-gateway-key': gatewayKeyOf(secret),
    });
    for (const name of [
      'x-real-ip',
      'forwarded',
      'x-forwarded-proto',
      'x-forwarded-anything',
      'orderstream-last-write',
    ])
      expect(headers).not.toHaveProperty(name);
  });

  it('has a request id and a trace context: those of the client, or new ones', async () => {
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    const given = { 'x-request-id': 'my-request', traceparent, tracestate: 'vendor=1' };
    const response = await gateway.get('/api/v1/orders', given);
    expect(gateway.query.last.headers).toMatchObject(given);
    expect(response.headers['x-request-id']).toBe('my-request');

    const other = await gateway.get('/api/v1/orders', { traceparent: 'nonsense', tracestate: 'vendor=1' });
    const { headers } = gateway.query.last;
    expect(headers.traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
    expect(headers).not.toHaveProperty('tracestate');
    expect(headers['x-request-id']).toBe(other.headers['x-request-id']);
  });

  it('without a body has a length of 0, and a GET has no body at all', async () => {
    await gateway.call('POST', '/api/v1/orders/o1/cancel');
    expect(gateway.command.last).toMatchObject({ body: '', headers: { 'content-length': '0' } });
    await gateway.call('GET', '/api/v1/orders', { body: 'x', headers: { 'content-length': '1' } });
    expect(gateway.query.last.body).toBe('');
    expect(gateway.query.last.headers).not.toHaveProperty('content-length');
  });
});

describe('a response through the gateway', () => {
  it('keeps status, headers and body of the API', async () => {
    gateway.command.answer = (_got, res) =>
      res
        .writeHead(201, {
          'content-type': 'application/json; charset=utf-8',
          'content-length': '16',
          etag: '"order-0.at-5.v-2"',
          'orderstream-position': '5',
          'set-cookie': ['a=1; HttpOnly', 'b=2'],
          'cache-control': 'no-store',
          location: '/api/v1/orders/o1',
          'retry-after': '3',
        })
        .end('{"orderId":"o1"}');
    const { status, headers, body } = await gateway.post('/api/v1/orders', order, bearer('ann'));
    expect([status, body]).toEqual([201, { orderId: 'o1' }]);
    expect(headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      etag: '"order-0.at-5.v-2"',
      'orderstream-position': '5',
      'set-cookie': ['a=1; HttpOnly', 'b=2'],
      'cache-control': 'no-store',
      location: '/api/v1/orders/o1',
      'retry-after': '3',
      'content-length': '16',
    });
  });

  it('loses the fields that are about the connection to the API', async () => {
    gateway.query.answer = (_got, res) =>
      res
        .writeHead(200, { connection: 'close, X-Inner', 'x-inner': '1', 'keep-alive': 'timeout=1' })
        .end('x');
    const { headers } = await gateway.get('/api/v1/orders', { connection: 'keep-alive' });
    expect(headers).not.toHaveProperty('x-inner');
    expect(headers).toMatchObject({ connection: 'keep-alive', 'keep-alive': 'timeout=65' });
  });

  it('has the security headers of helmet, and names the Vary fields of both', async () => {
    gateway.query.answer = (_got, res) =>
      res.writeHead(200, { vary: 'Authorization, Cookie', 'content-type': 'application/json' }).end('{}');
    const { headers } = await gateway.get('/api/v1/inventory/items');
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none';base-uri 'none';frame-ancestors 'none'",
      'x-frame-options': 'SAMEORIGIN',
      'referrer-policy': 'no-referrer',
    });
    expect(headers).not.toHaveProperty('strict-transport-security');
    expect(String(headers.vary).split(', ').sort()).toEqual(['Accept-Encoding', 'Authorization', 'Cookie']);
  });

  it('to HEAD has the length and no body, and 304 has no body', async () => {
    gateway.query.answer = ({ method, headers }, res) => {
      if (headers['if-none-match'] !== undefined) res.writeHead(304, { etag: '"1"' }).end();
      else res.writeHead(200, { 'content-length': '5' }).end(method === 'HEAD' ? undefined : 'hello');
    };
    const head = await gateway.call('HEAD', '/api/v1/orders/o1');
    expect([head.status, head.headers['content-length'], head.text]).toEqual([200, '5', '']);
    const unchanged = await gateway.get('/api/v1/orders/o1', { 'if-none-match': '"1"' });
    expect([unchanged.status, unchanged.headers.etag, unchanged.text]).toEqual([304, '"1"', '']);
  });
});

describe('the gateway itself', () => {
  it('responds to OPTIONS with the allowed methods, and to other methods with 405', async () => {
    const options = await gateway.call('OPTIONS', '/api/v1/orders');
    expect([options.status, options.headers.allow]).toEqual([204, 'POST, GET, HEAD, OPTIONS']);
    const rejected = await gateway.call('DELETE', '/api/v1/orders');
    expect([rejected.status, rejected.headers.allow]).toEqual([405, 'POST, GET, HEAD, OPTIONS']);
    expect((await gateway.call('OPTIONS', '*')).status).toBe(204);
    expect([...gateway.command.got, ...gateway.query.got]).toEqual([]);
  });

  it.each(['/api/v1/nothing', '/api/v1/orders/', '//api/v1/orders', '/changes', '/health'])(
    'responds to %s with a 404 problem and asks no API',
    async (path) => {
      const { status, body } = await gateway.get(path);
      expect([status, body.type]).toEqual([404, 'urn:orderstream:problem:no-such-path']);
      expect([...gateway.command.got, ...gateway.query.got]).toEqual([]);
    },
  );

  it('has health of its own, which names the API that does not answer', async () => {
    expect((await gateway.get('/health/live')).body).toEqual({ status: 'live' });
    gateway.query.answer = (_got, res) => res.writeHead(500).end();
    const { status, body } = await gateway.get('/health/ready');
    expect([status, body]).toEqual([
      503,
      { status: 'not ready', checks: { commandApi: 'ok', queryApi: 'the query API answers 500' } },
    ]);
  });

  it('has metrics of its own', async () => {
    await gateway.get('/api/v1/orders/o1');
    const { text } = await gateway.get('/metrics');
    expect(text).toContain('route="/api/v1/orders/:orderId"');
    expect(gateway.query.got.map(({ url }) => url)).not.toContain('/metrics');
  });

  it('shows an index page at /', async () => {
    const { status, headers, text } = await gateway.get('/');
    expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect(text).toContain('href="docs"');
  });
});
