import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApi } from './create-api.ts';
import { type Caller, defineRoute, type Route } from './route.ts';
import { type Listening, listen } from './server/listen.ts';
import { customer, options } from './testing/tea-shop.ts';
import { createSessionCookies } from './tokens/session-cookies.ts';

const described = { tag: 'teas', responses: { 200: { description: 'who asked' } } };
const who = ({ caller, clientAddress }: { caller: Caller | undefined; clientAddress: string }) => ({
  status: 200,
  body: { sub: caller?.sub ?? null, clientAddress },
});
const routes: Route[] = [
  defineRoute({
    ...described,
    ...{ method: 'get', path: '/required', summary: 'Required' },
    handle: async (request) => who(request),
  }),
  defineRoute({
    ...described,
    ...{ method: 'get', path: '/optional', summary: 'Optional' },
    access: 'optional',
    handle: async (request) => who(request),
  }),
  defineRoute({
    ...described,
    ...{ method: 'post', path: '/public', summary: 'Public' },
    access: 'public',
    handle: async (request) => ({
      ...who(request),
      cookies: createSessionCookies(false).clear(),
    }),
  }),
];

let api: Listening;
beforeAll(async () => {
  const app = createApi({ ...options, routes, publicUrl: 'http://127.0.0.1:8080' });
  api = await listen(app, { host: '127.0.0.1', port: 0 });
});
afterAll(() => api.close(0));

const call = async (path: string, headers: Record<string, string> = {}, method = 'GET') => {
  const response = await fetch(`${api.url}${path}`, { method, headers });
  return { status: response.status, headers: response.headers, body: (await response.json()) as unknown };
};
const bearer = { authorization: `Bearer ${customer}` };
const cookie = { cookie: `theme=dark; orderstream_access=${customer}` };
const carl = { sub: 'carl', clientAddress: '127.0.0.1' };
const anonymous = { sub: null, clientAddress: '127.0.0.1' };

describe('a route that requires a token', () => {
  it('takes it from the Authorization header, or else from the cookie', async () => {
    expect((await call('/required', bearer)).body).toEqual(carl);
    expect((await call('/required', cookie)).body).toEqual(carl);
  });

  it('is 401 without one, and with a bad Authorization beside a good cookie', async () => {
    expect((await call('/required')).status).toBe(401);
    expect((await call('/required', { ...cookie, authorization: 'Bearer x' })).status).toBe(401);
  });
});

describe('a route with an optional token', () => {
  it('is called without a token, and says that its response depends on the token', async () => {
    const { body, headers } = await call('/optional');
    expect(body).toEqual(anonymous);
    expect(headers.get('vary')).toBe('Authorization, Cookie');
  });

  it('knows the caller of a good token', async () => {
    expect((await call('/optional', bearer)).body).toEqual(carl);
    expect((await call('/optional', cookie)).body).toEqual(carl);
  });

  it.each([
    ['in the header', { authorization: 'Bearer x' }],
    ['in the cookie', { cookie: 'orderstream_access=x' }],
    ['of another scheme', { authorization: 'Basic eDp5' }],
  ])('is 401 with a bad token %s', async (_, headers) => {
    expect((await call('/optional', headers)).status).toBe(401);
  });
});

describe('a public route', () => {
  it('is called without a token, and does not look at a bad one', async () => {
    expect((await call('/public', {}, 'POST')).body).toEqual(anonymous);
    expect((await call('/public', { authorization: 'Bearer x' }, 'POST')).body).toEqual(anonymous);
  });

  it('may set several cookies', async () => {
    const { headers } = await call('/public', {}, 'POST');
    expect(headers.getSetCookie()).toHaveLength(2);
  });

  it('rejects a page of another origin', async () => {
    const { status, headers } = await call('/public', { origin: 'https://evil.example' }, 'POST');
    expect(status).toBe(403);
    expect(headers.get('vary')).toBe('Sec-Fetch-Site, Origin');
    expect((await call('/public', { origin: 'http://127.0.0.1:8080' }, 'POST')).status).toBe(200);
  });
});

it('a response to a request with a cookie is not for shared caches', async () => {
  expect((await call('/required', cookie)).headers.get('cache-control')).toBe('private, no-cache');
  expect((await call('/required', bearer)).headers.get('cache-control')).toBeNull();
});

it('the OpenAPI document names the security of each route', async () => {
  const { paths } = (await call('/openapi.json')).body as { paths: Record<string, Record<string, object>> };
  const token = [{ bearer: [] }, { session: [] }];
  expect(paths['/required']?.get).not.toHaveProperty('security');
  expect(paths['/optional']?.get).toMatchObject({ security: [{}, ...token] });
  expect(paths['/public']?.post).toMatchObject({ security: [] });
  expect(paths['/public']?.post).not.toHaveProperty(['responses', '401']);
});
