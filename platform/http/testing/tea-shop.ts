import { request } from 'node:http';
import { Registry } from 'prom-client';
import { afterAll, beforeAll } from 'vitest';
import { z } from 'zod';
import { createLogger } from '../../logging/logger.ts';
import { type ApiOptions, createApi } from '../create-api.ts';
import { ResourceNotFound, Unavailable } from '../response/errors.ts';
import { problem } from '../response/problems.ts';
import { defineRoute } from '../route.ts';
import { type Listening, listen } from '../server/listen.ts';
import { secretKey } from '../tokens/secret-key.ts';
import { signToken } from '../tokens/tokens.ts';

/** An error of the sample API, with a problem of its own. */
export class TooHot extends Error {
  override readonly name = 'TooHot';
}

const Id = z.strictObject({ id: z.string().regex(/^[a-z]+$/) });
const Tea = z.strictObject({
  sort: z.string().max(10),
  cups: z.array(z.strictObject({ size: z.int().min(1) })).optional(),
});

/** Bodies of the requests that were carried out. */
export const brewed: unknown[] = [];
export const routes = [
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
      if (params.id === 'broken') throw new TypeError('internal details');
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
      if (params.id === 'unavailable') throw new Unavailable('the kettle is unavailable', 7);
      return { status: 200, body: { id: params.id, limit: query.limit, cup: headers['x-cup'] } };
    },
  }),
];

export const secret = secretKey('a secret of thirty-two bytes or more');
export const operator = signToken(secret, { sub: 'olga', role: 'operator' });
export const customer = signToken(secret, { sub: 'carl', role: 'customer' });
export const silent = createLogger({ level: 'error', silent: true });
export const options: ApiOptions = {
  title: 'Tea',
  version: '1.0.0',
  routes,
  secret,
  logger: silent,
  metrics: new Registry(),
  ready: async () => ({ ready: false, checks: { kettle: 'is unavailable' } }),
  problems: [problem(TooHot, 409, 'too-hot', 'Too hot')],
};

interface CallOptions {
  /** A token of an operator when absent; no token when null. */
  readonly token?: string | null;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

export interface SampleResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

async function send(
  url: string,
  method: string,
  path: string,
  { token = operator, body, headers }: CallOptions = {},
): Promise<SampleResponse> {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      ...(token !== null && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: text.startsWith('{') ? JSON.parse(text) : { text },
  };
}

/** Sends a GET with the path unchanged, which `fetch` would normalize. Returns the status. */
const statusOf = (port: number, path: string) =>
  new Promise<number>((resolve, reject) => {
    const headers = { authorization: `Bearer ${operator}` };
    request({ host: '127.0.0.1', port, path, headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on('error', reject)
      .end();
  });

/** Serves the sample API during the specs of a file. */
export function serveTeaShop() {
  let api: Listening;
  const app = createApi(options);
  beforeAll(async () => {
    api = await listen(app, { host: '127.0.0.1', port: 0 });
  });
  afterAll(() => api.close(0));
  return {
    app,
    port: () => api.port,
    url: () => api.url,
    call: (method: string, path: string, callOptions?: CallOptions) =>
      send(api.url, method, path, callOptions),
    rawPath: (path: string) => statusOf(api.port, path),
  };
}
