import jwt from 'jsonwebtoken';
import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { createApi } from './create-api.ts';
import { defineRoute } from './route.ts';
import { CannotListen, listen } from './server/listen.ts';
import {
  customer,
  operator,
  options,
  routes,
  secret,
  serveTeaShop,
  silent,
  TooHot,
} from './testing/tea-shop.ts';
import { secretKey } from './tokens/secret-key.ts';
import { signToken } from './tokens/tokens.ts';

const shop = serveTeaShop();
const { app, call, rawPath } = shop;

describe('a valid request', () => {
  it('gets the response of its handler', async () => {
    const answer = await call('POST', '/teas/green', { body: { sort: 'sencha' } });
    expect(answer.status).toBe(201);
    expect(answer.body).toEqual({ sort: 'sencha', by: 'olga' });
    expect(answer.headers.get('etag')).toBe('"1"');
  });

  it('may omit the body or send an empty object when the route has no body', async () => {
    expect((await call('POST', '/teas/green/drink')).status).toBe(200);
    expect((await call('POST', '/teas/green/drink', { body: {} })).status).toBe(200);
    expect((await call('POST', '/teas/green/drink', { body: { sip: 1 } })).status).toBe(422);
  });

  it('keeps its request id and trace, or gets new ones', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const kept = await call('POST', '/teas/a/drink', { headers: { 'x-request-id': 'r-1', traceparent } });
    expect(kept.body).toEqual({ requestId: 'r-1', traceparent });
    expect(kept.headers.get('x-request-id')).toBe('r-1');
    const made = await call('POST', '/teas/a/drink', {
      headers: { 'x-request-id': 'with space', traceparent: '00-x' },
    });
    expect(made.body.requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(made.body.traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
  });

  it('may get a stream as response', async () => {
    const answer = await call('GET', '/teas/live');
    expect(answer.headers.get('content-type')).toBe('text/event-stream');
    expect(answer.body.text).toBe('data: 1\n\ndata: 2\n\n');
  });
});

describe('authentication', () => {
  const claims = { sub: 'olga', role: 'operator' };
  const iat = 1_700_000_000;
  const [header = '', payload = ''] = operator.split('.');
  const none = `${Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url')}.${payload}.`;
  it.each([
    ['no token', null],
    ['nonsense', 'nonsense'],
    ['a forged signature', `${header}.${payload}.AAAA`],
    ['alg none', none],
    [
      'another secret',
      signToken(secretKey('another secret of thirty-two bytes!!'), { sub: 'olga', role: 'operator' }),
    ],
    ['HS512', jwt.sign(claims, secret, { algorithm: 'HS512', expiresIn: 60 })],
    ['expired', jwt.sign({ ...claims, iat, exp: iat + 60 }, secret)],
    ['no exp', jwt.sign(claims, secret)],
    ['no iat', jwt.sign({ ...claims, exp: 4_000_000_000 }, secret, { noTimestamp: true })],
    ['no sub', jwt.sign({ role: 'operator' }, secret, { expiresIn: 60 })],
    ['an unknown role', jwt.sign({ sub: 'olga', role: 'root' }, secret, { expiresIn: 60 })],
  ])('%s is 401', async (_name, token) => {
    const answer = await call('GET', '/teas/green', { token });
    expect(answer.status).toBe(401);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    expect(answer.body).toMatchObject({ type: 'urn:orderstream:problem:unauthorized', status: 401 });
  });

  it('rejects a role that the route does not permit with 403', async () => {
    expect((await call('POST', '/teas/green', { token: customer, body: { sort: 'x' } })).status).toBe(403);
  });
});

describe('an error of a handler', () => {
  it('becomes the problem that the API declares for its class', async () => {
    const answer = await call('POST', '/teas/hot', { body: { sort: 'a' } });
    expect(answer.body).toEqual({
      type: 'urn:orderstream:problem:too-hot',
      title: 'Too hot',
      status: 409,
      detail: 'wait a little',
    });
  });

  it('lets the next request in, also when the handler throws synchronously', async () => {
    const hasty = defineRoute({
      method: 'get',
      path: '/teas',
      summary: 'Spill',
      tag: 'teas',
      responses: {},
      handle: () => {
        throw new TooHot('thrown synchronously');
      },
    });
    const admission = { maxInFlight: 1, maxWaitMs: 50 };
    const narrow = createApi({ ...options, routes: [hasty], metrics: new Registry(), admission });
    const { url, close } = await listen(narrow, { host: '127.0.0.1', port: 0 });
    const spill = () => fetch(`${url}/teas`, { headers: { authorization: `Bearer ${operator}` } });
    expect([(await spill()).status, (await spill()).status]).toEqual([409, 409]);
    await close(0);
  });

  it('that is 404 reaches a customer after a multiple of 50 ms', async () => {
    const from = performance.now();
    expect((await call('GET', '/teas/none', { token: customer })).status).toBe(404);
    expect(performance.now() - from).toBeGreaterThanOrEqual(49);
  });

  it('of an unavailable dependency becomes 503 with Retry-After', async () => {
    const answer = await call('GET', '/teas/unavailable');
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '7']);
  });

  it('that is unexpected becomes 500 and reveals nothing', async () => {
    const answer = await call('POST', '/teas/broken', { body: { sort: 'a' } });
    expect(answer.status).toBe(500);
    expect(JSON.stringify(answer.body)).not.toContain('internal details');
  });
});

describe('requests of a route with a limit of its own', () => {
  it('do not delay other requests while they wait', async () => {
    let begun = 0;
    let finish = () => {};
    const steeped = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const common = { method: 'get', tag: 'teas', responses: {} } as const;
    const slow = defineRoute({
      ...common,
      path: '/teas/steeping',
      summary: 'Steep',
      hasOwnLimit: true,
      handle: async () => {
        begun += 1;
        await steeped;
        return { status: 200, body: {} };
      },
    });
    const quick = defineRoute({
      ...common,
      path: '/teas',
      summary: 'List',
      handle: async () => ({ status: 200, body: {} }),
    });
    const admission = { maxInFlight: 1 };
    const narrow = createApi({ ...options, routes: [slow, quick], metrics: new Registry(), admission });
    const { url, close } = await listen(narrow, { host: '127.0.0.1', port: 0 });
    const get = async (path: string) =>
      (await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${operator}` } })).status;
    const waiting = [get('/teas/steeping'), get('/teas/steeping')];
    await expect.poll(() => begun).toBe(2);
    expect([await get('/teas'), await get('/teas')]).toEqual([200, 200]);
    finish();
    expect(await Promise.all(waiting)).toEqual([200, 200]);
    await close(0);
  });
});

describe('without a token', () => {
  it('health, metrics and documentation are served', async () => {
    expect((await call('GET', '/health/live', { token: null })).body).toEqual({ status: 'live' });
    const ready = await call('GET', '/health/ready', { token: null });
    expect([ready.status, ready.body]).toEqual([
      503,
      { status: 'not ready', checks: { kettle: 'is unavailable' } },
    ]);
    expect((await call('GET', '/metrics', { token: null })).body.text).toContain(
      'http_request_duration_seconds_count{method="GET",route="/teas/:id"',
    );
    expect((await call('GET', '/docs', { token: null })).body.text).toContain('swagger-ui-bundle.js');
    expect((await call('GET', '/docs/swagger-ui.css', { token: null })).status).toBe(200);
    for (const path of [
      'absent',
      'index.html',
      'package.json',
      'package%2ejson',
      '/package.json',
      'swagger-initializer.js',
      'swagger-ui-bundle.js.map',
      'LICENSE',
      'absolute-path.js',
      'x%2f..%2fpackage.json',
    ])
      expect([path, await rawPath(`/docs/${path}`)]).toEqual([path, 404]);
    for (const path of ['/docs', '/docs/swagger-ui-bundle.js', '/docs/start.js', '/docs/favicon-32x32.png']) {
      const { status, headers } = await call('GET', path, { token: null });
      expect([path, status]).toEqual([path, 200]);
      expect(headers.get('content-security-policy')).toContain("default-src 'self'");
    }
    const condition = { token: null, headers: { 'if-match': '"another"' } };
    expect(await call('GET', '/docs/swagger-ui.css', condition)).toMatchObject({
      status: 412,
      body: { title: 'Precondition Failed' },
    });
  });

  it('the OpenAPI document lists every status of each route', async () => {
    const { body } = await call('GET', '/openapi.json', { token: null });
    expect(body.openapi).toBe('3.1.0');
    const brew = (body as { paths: Record<string, Record<string, { responses: object }>> }).paths[
      '/teas/{id}'
    ]?.post;
    expect(Object.keys(brew?.responses ?? {})).toEqual([
      '201',
      '400',
      '401',
      '403',
      '408',
      '409',
      '413',
      '415',
      '422',
      '431',
      '500',
      '503',
    ]);
    expect(JSON.stringify(body)).toContain('#/components/schemas/Problem');
  });
});

it('a caller beyond the rate limit gets 429 with Retry-After', async () => {
  const limited = createApi({
    title: 'Tea',
    version: '1.0.0',
    routes,
    secret,
    logger: silent,
    metrics: new Registry(),
    ready: async () => ({ ready: true, checks: {} }),
    rateLimit: { requests: 2, perSeconds: 60 },
  });
  const server = await listen(limited, { host: '127.0.0.1', port: 0 });
  const ask = (token: string) =>
    fetch(`${server.url}/teas/green`, { headers: { authorization: `Bearer ${token}` } });
  try {
    expect([(await ask(operator)).status, (await ask(operator)).status]).toEqual([200, 200]);
    const limited = await ask(operator);
    expect(limited.status).toBe(429);
    expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await ask(customer)).status).toBe(200);
  } finally {
    await server.close(0);
  }
});

it('listen rejects with CannotListen when the port is in use', async () => {
  await expect(
    listen(app, { host: '127.0.0.1', port: shop.port(), setting: 'COMMAND_PORT' }),
  ).rejects.toThrow(new CannotListen('127.0.0.1', shop.port(), 'EADDRINUSE', 'COMMAND_PORT'));
});
