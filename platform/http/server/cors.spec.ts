import { Registry } from 'prom-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLogger } from '../../logging/logger.ts';
import { createApi } from '../create-api.ts';
import { shedLoad } from '../limits/shed-load.ts';
import { ResourceNotFound, Unavailable } from '../response/errors.ts';
import { defineRoute } from '../route.ts';
import { secretKey } from '../tokens/secret-key.ts';
import { signToken } from '../tokens/tokens.ts';
import { type Listening, listen } from './listen.ts';

const SHOP = 'https://shop.example';
const secret = secretKey('a secret of thirty-two bytes or more');
const authorization = `Bearer ${signToken(secret, { sub: 'carl', role: 'customer' })}`;
const routes = [
  defineRoute({
    method: 'get',
    path: '/api/v1/teas',
    summary: 'Teas',
    tag: 'teas',
    responses: { 200: { description: 'teas' } },
    handle: async ({ header }) => {
      if (header('x-want') === '404') throw new ResourceNotFound('tea', 'none');
      if (header('x-want') === '503') throw new Unavailable('the kettle is unavailable');
      return { status: 200, body: {}, headers: { etag: '"1"' } };
    },
  }),
  defineRoute({
    method: 'post',
    path: '/api/v1/teas',
    summary: 'Brew',
    tag: 'teas',
    responses: { 201: { description: 'brewed' } },
    handle: async () => ({ status: 201, body: {} }),
  }),
];
const api = () =>
  createApi({
    title: 'Tea',
    version: '1.0.0',
    routes,
    secret,
    logger: createLogger({ level: 'error', silent: true }),
    metrics: new Registry(),
    ready: async () => ({ ready: true, checks: {} }),
  });

let open: Listening;
let closed: Listening;
beforeAll(async () => {
  const at = { host: '127.0.0.1', port: 0 };
  open = await listen(api(), { ...at, corsOrigins: [SHOP, 'http://localhost:5173'] });
  closed = await listen(api(), at);
});
afterAll(() => Promise.all([open.close(0), closed.close(0)]));

const ask = async (server: Listening, method: string, path: string, headers: Record<string, string> = {}) => {
  const answer = await fetch(`${server.url}${path}`, { method, headers });
  await answer.arrayBuffer();
  const cors = [...answer.headers].filter(([name]) => name.startsWith('access-control-'));
  return { status: answer.status, headers: answer.headers, cors: Object.fromEntries(cors) };
};
const namesOf = (list: string | undefined) => (list ?? '').toLowerCase().split(/, */);

describe('a request with the method OPTIONS', () => {
  it.each([
    ['/api/v1/teas', 'GET, HEAD, POST, OPTIONS'],
    ['/health/live', 'GET, HEAD, OPTIONS'],
    ['/openapi.json', 'GET, HEAD, OPTIONS'],
    ['/docs', 'GET, HEAD, OPTIONS'],
    ['/docs/swagger-ui.css', 'GET, HEAD, OPTIONS'],
  ])('of %s is 204 without a token, with the methods that it takes', async (path, allow) => {
    for (const server of [open, closed]) {
      const answer = await ask(server, 'OPTIONS', path);
      expect([answer.status, answer.headers.get('allow')]).toEqual([204, allow]);
      expect(answer.cors).toEqual({});
    }
  });

  it('of a path that does not exist is 404', async () => {
    expect((await ask(open, 'OPTIONS', '/api/v1/coffees')).status).toBe(404);
  });
});

describe('a page of a configured origin', () => {
  it.each([SHOP, 'http://localhost:5173'])(
    'of %s passes the preflight, without credentials',
    async (origin) => {
      const { status, headers, cors } = await ask(open, 'OPTIONS', '/api/v1/teas', {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type,idempotency-key',
      });
      expect([status, cors['access-control-allow-origin'], headers.get('vary')]).toEqual([
        204,
        origin,
        'Origin',
      ]);
      expect(namesOf(cors['access-control-allow-methods'])).toEqual(
        expect.arrayContaining(['get', 'post', 'patch']),
      );
      expect(namesOf(cors['access-control-allow-headers'])).toEqual(
        expect.arrayContaining([
          'authorization',
          'content-type',
          'idempotency-key',
          'if-match',
          'if-none-match',
          'last-event-id',
          'orderstream-min-position',
          'x-request-id',
        ]),
      );
      expect(cors).not.toHaveProperty('access-control-allow-credentials');
    },
  );

  it.each([
    ['an answer', { authorization }, 200],
    ['a missing token', {}, 401],
    ['that a resource does not exist', { authorization, 'x-want': '404' }, 404],
    ['that a store is unavailable', { authorization, 'x-want': '503' }, 503],
  ])('may read %s', async (_, headers, status) => {
    const answer = await ask(open, 'GET', '/api/v1/teas', { origin: SHOP, ...headers });
    expect([answer.status, answer.cors['access-control-allow-origin']]).toEqual([status, SHOP]);
    expect(answer.headers.get('vary')).toBe('Origin');
    expect(namesOf(answer.cors['access-control-expose-headers'])).toEqual(
      expect.arrayContaining(['etag', 'location', 'orderstream-position', 'retry-after', 'x-request-id']),
    );
  });

  it.each(['/api/v1/coffees', '/health/live', '/openapi.json'])('may read %s', async (path) => {
    const { cors } = await ask(open, 'GET', path, { origin: SHOP });
    expect(cors['access-control-allow-origin']).toBe(SHOP);
  });

  it('may read that the server is overloaded', async () => {
    const full = shedLoad({ sheds: () => true }, () => {}, api());
    const server = await listen(full, { host: '127.0.0.1', port: 0, corsOrigins: [SHOP] });
    const answer = await ask(server, 'GET', '/api/v1/teas', { origin: SHOP, authorization });
    expect([answer.status, answer.cors['access-control-allow-origin']]).toEqual([503, SHOP]);
    await server.close(0);
  });

  it('may read that there are too many connections', async () => {
    let begun = () => {};
    const isHeld = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const held = await listen(() => begun(), {
      host: '127.0.0.1',
      port: 0,
      corsOrigins: [SHOP],
      maxConnections: 1,
    });
    const client = new AbortController();
    const holding = fetch(held.url, { signal: client.signal }).catch(() => {});
    await isHeld;
    const answer = await ask(held, 'GET', '/', { origin: SHOP });
    expect([answer.status, answer.cors['access-control-allow-origin']]).toEqual([503, SHOP]);
    client.abort();
    await holding;
    await held.close(0);
  });
});

describe('a page of another origin', () => {
  it.each([
    'https://evil.example',
    'https://shop.example.evil.example',
    'http://shop.example',
    'https://shop.example:8443',
    'https://sub.shop.example',
    'null',
  ])('of %s may read nothing', async (origin) => {
    const answer = await ask(open, 'GET', '/api/v1/teas', { origin, authorization });
    expect([answer.status, answer.cors, answer.headers.get('vary')]).toEqual([200, {}, 'Origin']);
    const asked = { origin, 'access-control-request-method': 'POST' };
    expect((await ask(open, 'OPTIONS', '/api/v1/teas', asked)).cors).toEqual({});
  });

  it('may read nothing where no origin is configured, and answers do not vary', async () => {
    const answer = await ask(closed, 'GET', '/api/v1/teas', { origin: SHOP, authorization });
    expect([answer.status, answer.cors, answer.headers.get('vary')]).toEqual([200, {}, null]);
  });
});
