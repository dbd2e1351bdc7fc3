import { once } from 'node:events';
import { connect } from 'node:net';
import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { createLogger } from '../../logging/logger.ts';
import { createApi } from '../create-api.ts';
import { defineRoute } from '../route.ts';
import { secretKey } from '../tokens/secret-key.ts';
import { signToken } from '../tokens/tokens.ts';
import { listen } from './listen.ts';

const secret = secretKey('a secret of thirty-two bytes or more');
const authorization = `Bearer ${signToken(secret, { sub: 'carl', role: 'customer' })}`;

function ticking(stopping?: AbortSignal) {
  const signals: AbortSignal[] = [];
  const app = createApi({
    title: 'Clock',
    version: '1.0.0',
    routes: [
      defineRoute({
        method: 'get',
        path: '/ticks',
        summary: 'Sends ticks without end',
        tag: 'clock',
        responses: { 200: { description: 'ticks' } },
        handle: async ({ signal }) => {
          signals.push(signal);
          return { status: 200, headers: { 'content-type': 'text/event-stream' }, stream: ticks(signal) };
        },
      }),
    ],
    secret,
    logger: createLogger({ level: 'error', silent: true }),
    metrics: new Registry(),
    ready: async () => ({ ready: true, checks: {} }),
    ...(stopping !== undefined && { stopping }),
  });
  return { app, signals };
}

async function* ticks(signal: AbortSignal) {
  yield 'data: tick\n\n';
  if (!signal.aborted) await once(signal, 'abort');
}

describe('a response that is an event stream', () => {
  it('ends when its client disconnects', async () => {
    const { app, signals } = ticking();
    const server = await listen(app, { host: '127.0.0.1', port: 0 });
    const client = new AbortController();
    const answer = await fetch(`${server.url}/ticks`, { headers: { authorization }, signal: client.signal });
    await answer.body?.getReader().read();
    const [signal] = signals;
    client.abort();
    if (signal?.aborted === false) await once(signal, 'abort');
    expect(signal?.aborted).toBe(true);
    await server.close(0);
  });

  it('ends when the process stops, so that the server closes', async () => {
    const stopping = new AbortController();
    const { app } = ticking(stopping.signal);
    const server = await listen(app, { host: '127.0.0.1', port: 0 });
    const answer = await fetch(`${server.url}/ticks`, { headers: { authorization } });
    stopping.abort();
    await server.close(60_000);
    expect(await answer.text()).toBe('data: tick\n\n');
  });

  it('ends when its token expires, and not before', async () => {
    const { app, signals } = ticking();
    const server = await listen(app, { host: '127.0.0.1', port: 0 });
    const token = signToken(secret, { sub: 'carl', role: 'customer', lifetimeSeconds: 2 });
    const { exp } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
    const answer = await fetch(`${server.url}/ticks`, { headers: { authorization: `Bearer ${token}` } });

    expect(await answer.text()).toBe('data: tick\n\n');
    expect(Date.now()).toBeGreaterThanOrEqual(exp * 1000);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
    await server.close(0);
  });

  it('whose token expires in centuries stays open', async () => {
    const { app, signals } = ticking();
    const server = await listen(app, { host: '127.0.0.1', port: 0 });
    const token = signToken(secret, { sub: 'carl', role: 'customer', lifetimeSeconds: 1e10 });
    const client = new AbortController();
    const headers = { authorization: `Bearer ${token}` };
    const answer = await fetch(`${server.url}/ticks`, { headers, signal: client.signal });
    const reader = answer.body?.getReader();
    await reader?.read();
    // A timer that is set too far ahead would fire within a millisecond.
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
    client.abort();
    await server.close(0);
  });

  it('is cut off after the grace period', async () => {
    const { app } = ticking();
    const server = await listen(app, { host: '127.0.0.1', port: 0 });
    const answer = await fetch(`${server.url}/ticks`, { headers: { authorization } });
    await server.close(5);
    await expect(answer.text()).rejects.toThrow();
  });
});

it.each([
  ['NONSENSE\r\n\r\n', 400],
  [`GET / HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`, 431],
])('bytes that are not HTTP get a problem as response (%#)', async (bytes, status) => {
  const server = await listen(ticking().app, { host: '127.0.0.1', port: 0 });
  const socket = connect(server.port, '127.0.0.1').setEncoding('utf8');
  let answer = '';
  socket.on('data', (text) => {
    answer += text;
  });
  socket.write(bytes);
  await once(socket, 'close');
  expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')))).toMatchObject({ status });
  await server.close(0);
});
