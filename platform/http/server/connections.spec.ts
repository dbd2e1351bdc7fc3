import { EventEmitter, once } from 'node:events';
import type { RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sendRaw } from '../testing/send-raw.ts';
import { type Listening, listen } from './listen.ts';

const MAX = 5;

describe('a server with a maximum of five connections', () => {
  let server: Listening;
  const sockets: Socket[] = [];
  /** Open responses to `/hold`; the test ends them. */
  let held: ServerResponse[];
  const seen = new EventEmitter();
  beforeEach(async () => {
    held = [];
    const serve: RequestListener = (request, response) => {
      if (request.url !== '/hold') return response.end('served');
      held.push(response);
      return seen.emit('held');
    };
    server = await listen(serve, { host: '127.0.0.1', port: 0, maxConnections: MAX });
  });
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await server.close(0);
  });

  const open = async (text: string) => {
    const sent = await sendRaw(server.port, text, sockets);
    sent.socket.on('error', () => {});
    return sent;
  };
  const get = (path: string) => `GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`;
  const hold = async () => {
    const holding = once(seen, 'held');
    const sent = await open(get('/hold'));
    await holding;
    return sent;
  };
  /** Sends a request and returns the status line and headers of the response. */
  const ask = async (path: string) => {
    const { socket } = await open(get(path));
    const [answer] = await once(socket, 'data');
    return { answer: String(answer), socket };
  };
  const times = async <T>(count: number, act: () => Promise<T>): Promise<T[]> => {
    const all: T[] = [];
    for (let nth = 0; nth < count; nth++) all.push(await act());
    return all;
  };

  it('closes the connection that has been idle for longest when a new one opens', async () => {
    const silent = await times(MAX, () => open(''));
    const first = await ask('/');
    const second = await ask('/');
    expect(await Promise.all(silent.slice(0, 2).map(({ answer }) => answer))).toEqual(['', '']);
    expect([first.answer, second.answer]).toEqual(Array(2).fill(expect.stringMatching(/^HTTP\/1.1 200 /)));
    expect(silent.slice(2).map(({ socket }) => socket.closed)).toEqual([false, false, false]);
  });

  it('closes a keep-alive connection without a request, and none with a request', async () => {
    const holding = await hold();
    const idle = await times(MAX - 1, () => ask('/'));
    const more = await times(3, () => ask('/'));
    for (const { socket } of idle.slice(0, 3)) if (!socket.closed) await once(socket, 'close');
    expect(more.map(({ answer }) => answer.slice(0, 12))).toEqual(Array(3).fill('HTTP/1.1 200'));
    held[0]?.end('held');
    const [answer] = await once(holding.socket, 'data');
    expect(String(answer)).toMatch(/^HTTP\/1.1 200 /);
  });

  it('serves only health and metrics on new connections while every connection has a request', async () => {
    const holding = await times(MAX, hold);
    const rejected = await open(get('/api/v1/orders'));
    expect(await rejected.answer).toMatch(/^HTTP\/1.1 503 [\s\S]*retry-after: 1[\s\S]*overloaded/i);
    for (const path of ['/health/live', '/health/ready', '/metrics'])
      expect(await (await open(get(path))).answer).toMatch(/^HTTP\/1.1 200 [\s\S]*connection: close/i);
    const [first] = holding;
    first?.socket.destroy();
    await once(held[0] ?? seen, 'close');
    expect((await ask('/')).answer).toMatch(/^HTTP\/1.1 200 /);
  });

  it('serves health although many idle connections are open beyond the limit', async () => {
    await times(MAX, hold);
    await times(4 * MAX, () => open(''));
    expect((await ask('/health/live')).answer).toMatch(/^HTTP\/1.1 200 /);
    const rejected = await open(get('/'));
    expect(await rejected.answer).toMatch(/^HTTP\/1.1 503 /);
  });

  it('counts pipelined requests of one connection until the last response', async () => {
    const holding = await open(get('/hold') + get('/hold'));
    while (held.length < 2) await once(seen, 'held');
    held[0]?.end('first');
    await once(holding.socket, 'data');
    await times(2 * MAX, () => ask('/'));
    held[1]?.end('second');
    const [answer] = await once(holding.socket, 'data');
    expect(String(answer)).toContain('second');
  });
});
