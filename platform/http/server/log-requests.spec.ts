import { once } from 'node:events';
import type { Socket } from 'node:net';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { AccessEntry } from '../../logging/access-log.ts';
import { createLogger } from '../../logging/logger.ts';
import { createApi } from '../create-api.ts';
import { shedLoad } from '../limits/shed-load.ts';
import { ResourceNotFound } from '../response/errors.ts';
import { defineRoute } from '../route.ts';
import { sendRaw } from '../testing/send-raw.ts';
import { secretKey } from '../tokens/secret-key.ts';
import { signToken } from '../tokens/tokens.ts';
import { type Listening, listen } from './listen.ts';

const secret = secretKey('a secret of thirty-two bytes or more');
const authorization = `Bearer ${signToken(secret, { sub: 'carl@example.com', role: 'customer' })}`;
const params = z.object({ id: z.string() });
const routes = [
  defineRoute({
    method: 'get',
    path: '/api/v1/teas/:id',
    summary: 'Look',
    tag: 'teas',
    params,
    query: z.object({ query: z.string().optional() }),
    responses: { 200: { description: 'a tea' } },
    handle: async ({ params: { id } }) => {
      if (id === 'none') throw new ResourceNotFound('tea', id);
      return { status: 200, body: { id } };
    },
  }),
  defineRoute({
    method: 'get',
    path: '/api/v1/teas/:id/live',
    summary: 'Watch',
    tag: 'teas',
    params,
    responses: { 200: { description: 'events' } },
    handle: async ({ signal }) => ({
      status: 200,
      stream: (async function* () {
        yield 'data: 1\n\n';
        if (!signal.aborted) await once(signal, 'abort');
      })(),
    }),
  }),
];

describe('the access log', () => {
  let entries: AccessEntry[];
  let server: Listening;
  const sockets: Socket[] = [];
  const app = () =>
    createApi({
      title: 'Tea',
      version: '1.0.0',
      routes,
      secret,
      logger: createLogger({ level: 'error', silent: true }),
      metrics: new Registry(),
      ready: async () => ({ ready: true, checks: {} }),
    });
  const at = { host: '127.0.0.1', port: 0 };
  const accessLog = (entry: AccessEntry) => void entries.push(entry);
  beforeEach(async () => {
    entries = [];
    server = await listen(app(), { ...at, accessLog });
  });
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await server.close(0);
  });

  const ask = async (path: string, headers: Record<string, string> = { authorization }, method = 'GET') => {
    const answer = await fetch(`${server.url}${path}`, { method, headers });
    await answer.text();
    await expect.poll(() => entries.length).toBeGreaterThan(0);
    return { answer, entry: entries.at(-1) };
  };

  it('has route, status and caller role of a request, and none of its values', async () => {
    const { answer, entry } = await ask('/api/v1/teas/green-42?query=secret', {
      authorization,
      'x-request-id': 'mine-1',
    });
    expect(answer.headers.get('x-request-id')).toBe('mine-1');
    expect(entries).toEqual([
      {
        method: 'GET',
        route: '/api/v1/teas/:id',
        status: 200,
        durationMs: expect.any(Number),
        requestId: 'mine-1',
        callerRole: 'customer',
      },
    ]);
    expect(entry?.durationMs).toBeGreaterThanOrEqual(0);
    expect(JSON.stringify(entries)).not.toMatch(/green-42|secret|carl/);
  });

  it.each([
    ['/api/v1/teas/none', { authorization }, 404, '/api/v1/teas/:id', 'customer'],
    ['/api/v1/teas/green?colour=1', { authorization }, 400, '/api/v1/teas/:id', 'customer'],
    ['/api/v1/teas/green', {}, 401, '/api/v1/teas/:id', undefined],
    ['/api/v1/coffees/1', { authorization }, 404, 'other', undefined],
    ['/health/live', {}, 200, '/health/live', undefined],
    ['/metrics', {}, 200, '/metrics', undefined],
    ['/docs/swagger-ui.css', {}, 200, '/docs', undefined],
  ])('has GET %s with the request id of the response', async (path, headers, status, route, callerRole) => {
    const { answer, entry } = await ask(path, headers as Record<string, string>);
    expect(entry).toMatchObject({ method: 'GET', route, status });
    expect(entry?.callerRole).toBe(callerRole);
    expect(entry?.requestId).toBe(answer.headers.get('x-request-id'));
  });

  it('has requests with a method that is not allowed, and OPTIONS requests', async () => {
    expect((await ask('/api/v1/teas/green', {}, 'DELETE')).entry).toMatchObject({
      method: 'DELETE',
      status: 405,
    });
    expect((await ask('/api/v1/teas/green', {}, 'OPTIONS')).entry).toMatchObject({
      method: 'OPTIONS',
      route: '/api/v1/teas/:id',
      status: 204,
    });
  });

  it('has a stream once it has ended, marked as cut off by the client', async () => {
    const client = new AbortController();
    const answer = await fetch(`${server.url}/api/v1/teas/green/live`, {
      headers: { authorization },
      signal: client.signal,
    });
    await answer.body?.getReader().read();
    expect(entries).toEqual([]);
    client.abort();
    await expect.poll(() => entries).toHaveLength(1);
    expect(entries[0]).toMatchObject({ route: '/api/v1/teas/:id/live', status: 200, cutOff: true });
  });

  it('has a request whose client closed the connection before the response', async () => {
    const slow = await listen(() => {}, { ...at, accessLog });
    const { socket } = await sendRaw(slow.port, 'GET / HTTP/1.1\r\nhost: x\r\n\r\n', sockets);
    socket.end();
    socket.destroy();
    await expect.poll(() => entries).toMatchObject([{ status: 499, cutOff: true }]);
    await slow.close(0);
  });

  it('has a request that was rejected because the server is overloaded', async () => {
    const full = await listen(
      shedLoad({ sheds: () => true }, () => {}, app()),
      { ...at, accessLog },
    );
    const answer = await fetch(`${full.url}/api/v1/teas/green`, { headers: { authorization } });
    await answer.text();
    await expect.poll(() => entries).toMatchObject([{ route: 'other', status: 503 }]);
    expect(entries[0]?.requestId).toBe(answer.headers.get('x-request-id'));
    await full.close(0);
  });

  it.each([
    ['NONSENSE\r\n\r\n', 400],
    [`GET / HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`, 431],
  ])(
    'has bytes that are no HTTP request, with the request id of the response (%#)',
    async (bytes, status) => {
      const { answer } = await sendRaw(server.port, bytes, sockets);
      const [, id] = /x-request-id: (\S+)/.exec(await answer) ?? [];
      expect(entries).toEqual([{ method: '-', route: 'other', status, durationMs: 0, requestId: id }]);
    },
  );
});
