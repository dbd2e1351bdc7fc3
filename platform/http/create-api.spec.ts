import { type OutgoingHttpHeaders, request } from 'node:http';
import jwt from 'jsonwebtoken';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createLogger } from '../logging/logger.ts';
import { type ApiOptions, createApi } from './create-api.ts';
import { ResourceNotFound, Unavailable } from './response/errors.ts';
import { problem } from './response/problems.ts';
import { defineRoute } from './route.ts';
import { CannotListen, type Listening, listen } from './server/listen.ts';
import { secretKey, signToken } from './tokens/tokens.ts';

class TooHot extends Error {
  override readonly name = 'TooHot';
}

const Id = z.strictObject({ id: z.string().regex(/^[a-z]+$/) });
const Tea = z.strictObject({
  sort: z.string().max(10),
  cups: z.array(z.strictObject({ size: z.int().min(1) })).optional(),
});

const brewed: unknown[] = [];
const routes = [
  defineRoute({
    method: 'post',
    path: '/teas/:id',
    summary: 'Brew',
    tag: 'teas',
    roles: ['operator', 'admin'],
    params: Id,
    body: Tea,
    responses: { 201: { description: 'brewed', schema: Tea } },
    problems: { 409: 'it is too hot' },
    handle: async ({ params, body, caller }) => {
      if (params.id === 'hot') throw new TooHot('wait a little');
      if (params.id === 'broken') throw new TypeError('secret inner matter');
      brewed.push(body);
      return { status: 201, body: { ...body, by: caller.sub }, headers: { etag: '"1"' } };
    },
  }),
  defineRoute({
    method: 'post',
    path: '/teas/:id/drink',
    summary: 'Drink',
    tag: 'teas',
    params: Id,
    responses: { 200: { description: 'drunk' } },
    handle: async ({ requestId, traceparent }) => ({ status: 200, body: { requestId, traceparent } }),
  }),
  defineRoute({
    method: 'get',
    path: '/teas/live',
    summary: 'Watch',
    tag: 'teas',
    responses: { 200: { description: 'events', contentType: 'text/event-stream' } },
    handle: async () => ({
      status: 200,
      headers: { 'content-type': 'text/event-stream' },
      stream: (async function* () {
        yield 'data: 1\n\n';
        yield 'data: 2\n\n';
      })(),
    }),
  }),
  defineRoute({
    method: 'get',
    path: '/teas/:id',
    summary: 'Look',
    tag: 'teas',
    params: Id,
    query: z.object({ limit: z.coerce.number().int().min(1).max(200).default(50) }),
    headers: z.object({ 'x-cup': z.string().max(3).optional() }),
    responses: { 200: { description: 'a tea' } },
    problems: { 404: 'there is no such tea' },
    handle: async ({ params, query, headers }) => {
      if (params.id === 'none') throw new ResourceNotFound('tea', params.id);
      if (params.id === 'away') throw new Unavailable('the kettle is away', 7);
      return { status: 200, body: { id: params.id, limit: query.limit, cup: headers['x-cup'] } };
    },
  }),
];

const secret = secretKey('a secret of thirty-two bytes or more');
const operator = signToken(secret, { sub: 'olga', role: 'operator' });
const customer = signToken(secret, { sub: 'carl', role: 'customer' });
const silent = createLogger({ level: 'error', silent: true });
const options: ApiOptions = {
  title: 'Tea',
  version: '1.0.0',
  routes,
  secret,
  logger: silent,
  metrics: new Registry(),
  ready: async () => ({ ready: false, checks: { kettle: 'is away' } }),
  problems: [problem(TooHot, () => ({ status: 409, code: 'too-hot', title: 'Too hot' }))],
};
const app = createApi(options);

let api: Listening;
beforeAll(async () => {
  api = await listen(app, { host: '127.0.0.1', port: 0 });
});
afterAll(() => api.close(0));

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

async function call(
  method: string,
  path: string,
  {
    token = operator,
    body,
    headers,
  }: { token?: string | null; body?: unknown; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const answer = await fetch(`${api.url}${path}`, {
    method,
    headers: {
      ...(token !== null && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await answer.text();
  return {
    status: answer.status,
    headers: answer.headers,
    body: text.startsWith('{') ? JSON.parse(text) : { text },
  };
}

/** As it stands: fetch would tidy the path up first. */
const rawPath = (path: string) =>
  new Promise<number>((resolve, reject) => {
    request(
      { host: '127.0.0.1', port: api.port, path, headers: { authorization: `Bearer ${operator}` } },
      (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      },
    )
      .on('error', reject)
      .end();
  });

describe('a request that fits', () => {
  it('is answered by its handler', async () => {
    const answer = await call('POST', '/teas/green', { body: { sort: 'sencha' } });
    expect(answer.status).toBe(201);
    expect(answer.body).toEqual({ sort: 'sencha', by: 'olga' });
    expect(answer.headers.get('etag')).toBe('"1"');
  });

  it('may leave out the body where none is expected, or send an empty object', async () => {
    expect((await call('POST', '/teas/green/drink')).status).toBe(200);
    expect((await call('POST', '/teas/green/drink', { body: {} })).status).toBe(200);
    expect((await call('POST', '/teas/green/drink', { body: { sip: 1 } })).status).toBe(422);
  });

  it('keeps its request id and trace, or is given them', async () => {
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

  it('may be answered by a stream', async () => {
    const answer = await call('GET', '/teas/live');
    expect(answer.headers.get('content-type')).toBe('text/event-stream');
    expect(answer.body.text).toBe('data: 1\n\ndata: 2\n\n');
  });
});

describe('who may call', () => {
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

  it('another role than those of the route is 403', async () => {
    expect((await call('POST', '/teas/green', { token: customer, body: { sort: 'x' } })).status).toBe(403);
  });
});

describe('a body', () => {
  it.each([
    ['not JSON', '{"sort":', 400],
    ['no UTF-8 text at all', '', 400],
    ['unknown field', { sort: 'a', more: 1 }, 422],
    ['missing field', {}, 422],
    ['wrong type', { sort: 1 }, 422],
    ['a list', [], 422],
    ['null', 'null', 422],
    ['beyond 1 MiB', { sort: 'x'.repeat(2 * 1024 * 1024) }, 413],
    ['deeply nested', '['.repeat(200_000), 400],
    ['deeply nested and whole', `${'['.repeat(200_000)}${']'.repeat(200_000)}`, 422],
  ])('that is %s is refused', async (_name, body, status) => {
    const answer = await call('POST', '/teas/green', { body });
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
  });

  it.each([
    ['half a million entries', `{"sort":"a","cups":[${'0,'.repeat(500_000)}0]}`],
    [
      'thousands of unknown fields',
      JSON.stringify(Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`k${i}`, 0]))),
    ],
  ])('of %s is refused with no more than a hundred errors', async (_, body) => {
    const answer = await call('POST', '/teas/green', { body });
    expect(answer.status).toBe(422);
    expect((answer.body.errors as unknown[]).length).toBeLessThanOrEqual(101);
  });

  it('names each error by its path', async () => {
    const { body } = await call('POST', '/teas/green', {
      body: { sort: 'a', cups: [{ size: 0, lid: true }], x: 1 },
    });
    expect(body.errors).toEqual([
      { path: 'cups.0.size', message: 'Too small: expected number to be >=1, not 0' },
      { path: 'cups.0.lid', message: 'is not known here, only size' },
      { path: 'x', message: 'is not known here, only sort, cups' },
    ]);
  });

  it.each([
    ['no value', { cups: [] }, 'sort', 'is missing: string expected'],
    ['another type', { sort: null }, 'sort', 'Invalid input: expected string, received null'],
    [
      'a fraction',
      { sort: 'a', cups: [{ size: 1.5 }] },
      'cups.0.size',
      'Invalid input: expected int, received number, not 1.5',
    ],
    [
      'a long text',
      { sort: 'x'.repeat(1_000) },
      'sort',
      `Too big: expected string to have <=10 characters, not "${'x'.repeat(79)}…`,
    ],
    ['a list', { sort: [1] }, 'sort', 'Invalid input: expected string, received array'],
  ])('of %s is told with what is allowed', async (_, wrong, path, message) => {
    expect((await call('POST', '/teas/green', { body: wrong })).body.errors).toEqual([{ path, message }]);
  });

  it('with __proto__ is refused and pollutes nothing', async () => {
    for (const body of [
      '{"sort":"a","__proto__":{"polluted":1}}',
      '{"sort":"a","\\u005f_proto__":{"polluted":1}}',
    ]) {
      const answer = await call('POST', '/teas/green', { body });
      expect(answer.status).toBe(422);
      expect(answer.body.errors).toMatchObject([{ path: '__proto__' }]);
    }
    expect('polluted' in {}).toBe(false);
  });

  it.each([
    'application/json;',
    'application/json; charset=utf-8',
    'APPLICATION/JSON;Charset="UTF-8"',
    'application/json; charset="utf-8";',
    'application/json ; version=1; charset=utf-8',
    'application/json; profile="a;b"',
    'application/json;;; charset=utf8',
  ])('of type %s is accepted', async (type) => {
    const body = '{"sort":"a"}';
    expect((await call('POST', '/teas/green', { body, headers: { 'content-type': type } })).status).toBe(201);
  });

  it.each([
    ['{"sort":"a","sort":"b"}', 'sort'],
    ['{"sort":"a","s\\u006frt":"b"}', 'sort'],
    ['{"sort":"a","cups":[{"size":1},{"size":1,"size":2}]}', 'cups.1.size'],
    ['{"sort":"a","cups":[{"size":1,"lid":{"a":1,"\\u0061":2}}]}', 'cups.0.lid.a'],
    ['{"sort":"a","x":1,"x":1}', 'x'],
  ])('with a name twice in one object is 400 and names the path: %s', async (body, path) => {
    const answer = await call('POST', '/teas/green', { body });
    expect([answer.status, answer.body.type]).toEqual([400, 'urn:orderstream:problem:repeated-name']);
    expect(answer.body.errors).toEqual([{ path, message: 'is given twice in one object' }]);
  });

  it.each([
    ['{"sort":"a","cups":[{"size":1},{"size":9007199254740991.2}]}', 'cups.1.size', 9007199254740991],
    ['{"sort":"a","size":1.00000000000000001}', 'size', 1],
    ['{"size":[-1, 1e-400\n]}', 'size.1', 0],
    ['0.99999999999999999999', '', 1],
  ])(
    'with a number that is rounded to an integer is 422 and names the path: %s',
    async (body, path, value) => {
      const answer = await call('POST', '/teas/green', { body });
      expect([answer.status, answer.body.type]).toEqual([422, 'urn:orderstream:problem:invalid-body']);
      const message = `cannot be represented exactly; it would be rounded to ${value}`;
      expect(answer.body.errors).toEqual([{ path, message }]);
    },
  );

  it('with a long name twice is answered with a shortened name', async () => {
    const deep = `${'{"a":'.repeat(1_000)}{"b":1,"b":2}${'}'.repeat(1_000)}`;
    const long = JSON.stringify({ ['n'.repeat(100_000)]: 1 }).slice(0, -1);
    for (const body of [deep, `${long},${long.slice(1)}}`]) {
      const answer = await call('POST', '/teas/green', { body });
      expect(answer.status).toBe(400);
      expect(JSON.stringify(answer.body).length).toBeLessThan(500);
    }
  });

  it.each([
    'text/plain',
    'text/json',
    'application/jsonx',
    'application/json; charset=latin1',
    'application/json; charset=utf-16',
    'application/json, text/plain',
    'application/json; charset=utf-8, text/plain',
    'application/problem+json',
    'json',
    'application/x-www-form-urlencoded',
  ])('of type %s is 415', async (type) => {
    const answer = await call('POST', '/teas/green', {
      body: '{"sort":"a"}',
      headers: { 'content-type': type },
    });
    expect(answer.status).toBe(415);
  });

  it('in no UTF-8 is 400', async () => {
    const answer = await fetch(`${api.url}/teas/green`, {
      method: 'POST',
      headers: { authorization: `Bearer ${operator}`, 'content-type': 'application/json' },
      body: Buffer.from([0x22, 0xff, 0x22]),
    });
    expect(answer.status).toBe(400);
  });
});

describe('a path, a query, a header', () => {
  it.each([
    ['/teas/GREEN', 400],
    ['/teas/%zz', 400],
    ['/teas/%00', 400],
    ['/teas/%2e%2e', 400],
    ['/teas/..', 400],
    ['/teas/__proto__', 400],
    ['/teas/green?unknown=1', 400],
    ['/teas/green?__proto__=1', 400],
    ['/teas/green?limit=0', 400],
    ['/teas/green?limit=1&limit=2', 400],
    ['/teas/green?limit=%zz', 400],
    ['/teas/green?limit=7&', 200],
    ['/teas/green?=1', 400],
    ['/teas/green?', 200],
    ['/teas/green?li%6dit=7', 200],
    ['/teas/green?li%6dit=7&limit=7', 400],
    ['/teas/green?limit=7', 200],
    ['/teas', 404],
    ['/', 404],
    ['/teas/none', 404],
    ['/Teas/green', 404],
    ['//evil', 404],
  ])('%s is %i', async (path, status) => {
    expect(await rawPath(path)).toBe(status);
  });

  it.each(['%', '%zz', 'a%2', '%ff', '%c3%28', '%ed%a0%80'])(
    'a query that is not well encoded is 400: %s',
    async (value) => {
      const { status, body } = await call('GET', `/teas/green?limit=${value}`);
      expect(status).toBe(400);
      expect(body.detail).toContain('is not well encoded');
    },
  );

  it('unknown parameters are named', async () => {
    const { body } = await call('GET', '/teas/green?colour=1');
    expect(body).toMatchObject({
      type: 'urn:orderstream:problem:invalid-query',
      errors: [{ path: 'colour', message: 'is not known here, only limit' }],
    });
  });

  it('a header that does not fit is 400', async () => {
    expect((await call('GET', '/teas/green', { headers: { 'x-cup': 'large' } })).status).toBe(400);
    expect((await call('GET', '/teas/green', { headers: { 'x-cup': 'big' } })).body.cup).toBe('big');
  });

  it.each([
    ['authorization', [`Bearer ${customer}`, `Bearer ${operator}`]],
    ['Idempotency-Key', ['a', 'a']],
    ['orderstream-min-position', ['1', '2']],
  ])('a header of one value that is given twice is 400: %s', async (name, values) => {
    const headers: OutgoingHttpHeaders = { authorization: `Bearer ${operator}`, [name]: values };
    const answer = await new Promise<{ status: number | undefined; text: string }>((resolve, reject) => {
      request({ host: '127.0.0.1', port: api.port, path: '/teas/green', headers }, async (response) =>
        resolve({ status: response.statusCode, text: (await response.toArray()).join('') }),
      )
        .on('error', reject)
        .end();
    });
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.text)).toMatchObject({
      errors: [{ path: name.toLowerCase(), message: 'is given more than once' }],
    });
  });

  it('a header that is a list may come in parts', async () => {
    const headers: OutgoingHttpHeaders = {
      authorization: `Bearer ${operator}`,
      accept: ['application/json', '*/*'],
    };
    const status = await new Promise((resolve, reject) => {
      request({ host: '127.0.0.1', port: api.port, path: '/teas/green', headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on('error', reject)
        .end();
    });
    expect(status).toBe(200);
  });

  it('a literal path is not taken for an id', async () => {
    const answer = await call('POST', '/teas/live', { body: { sort: 'a' } });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS']);
  });

  it('another method is 405 and says which there are', async () => {
    const answer = await call('DELETE', '/teas/green');
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toBe('POST, GET, HEAD, OPTIONS');
    expect((await call('POST', '/health/live')).status).toBe(405);
  });
});

describe('errors of a handler', () => {
  it('become the problem of their row', async () => {
    const answer = await call('POST', '/teas/hot', { body: { sort: 'a' } });
    expect(answer.body).toEqual({
      type: 'urn:orderstream:problem:too-hot',
      title: 'Too hot',
      status: 409,
      detail: 'wait a little',
    });
  });

  it('end its turn, also when it threw before it had a promise', async () => {
    const hasty = defineRoute({
      method: 'get',
      path: '/teas',
      summary: 'Spill',
      tag: 'teas',
      responses: {},
      handle: () => {
        throw new TooHot('at once');
      },
    });
    const admission = { atOnce: 1, patienceMs: 50 };
    const narrow = createApi({ ...options, routes: [hasty], metrics: new Registry(), admission });
    const { url, close } = await listen(narrow, { host: '127.0.0.1', port: 0 });
    const spill = () => fetch(`${url}/teas`, { headers: { authorization: `Bearer ${operator}` } });
    expect([(await spill()).status, (await spill()).status]).toEqual([409, 409]);
    await close(0);
  });

  it('with 404 reach a customer after a rounded time', async () => {
    const from = performance.now();
    expect((await call('GET', '/teas/none', { token: customer })).status).toBe(404);
    expect(performance.now() - from).toBeGreaterThanOrEqual(49);
  });

  it('of something away say when to come again', async () => {
    const answer = await call('GET', '/teas/away');
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '7']);
  });

  it('that nobody foresaw are 500 and tell nothing', async () => {
    const answer = await call('POST', '/teas/broken', { body: { sort: 'a' } });
    expect(answer.status).toBe(500);
    expect(JSON.stringify(answer.body)).not.toContain('inner matter');
  });
});

describe('without a token', () => {
  it('health, metrics and documents are answered', async () => {
    expect((await call('GET', '/health/live', { token: null })).body).toEqual({ status: 'live' });
    const ready = await call('GET', '/health/ready', { token: null });
    expect([ready.status, ready.body]).toEqual([503, { status: 'not ready', checks: { kettle: 'is away' } }]);
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

  it('the document describes each route with every status it can answer', async () => {
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

it('a caller who asks too often is told when to come again', async () => {
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
    const refused = await ask(operator);
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await ask(customer)).status).toBe(200);
  } finally {
    await server.close(0);
  }
});

it('a port that is taken is one clear sentence', async () => {
  await expect(listen(app, { host: '127.0.0.1', port: api.port, setting: 'COMMAND_PORT' })).rejects.toThrow(
    new CannotListen('127.0.0.1', api.port, 'EADDRINUSE', 'COMMAND_PORT'),
  );
});
