import type { Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sendRaw } from '../testing/send-raw.ts';
import { bearer, createTeaApi, TEA, teaHead } from '../testing/tea-api.ts';
import { type Listening, listen } from './listen.ts';

const HEAD = teaHead('olga');

describe('a server with eight slow clients', () => {
  let server: Listening;
  const sockets: Socket[] = [];
  beforeEach(async () => {
    const timeouts = { headersTimeout: 200, requestTimeout: 400, connectionsCheckingInterval: 20 };
    server = await listen(createTeaApi({ admission: { maxInFlight: 1 } }), {
      host: '127.0.0.1',
      port: 0,
      maxConnections: 20,
      timeouts,
    });
  });
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await server.close(0);
  });

  const open = (text: string) => sendRaw(server.port, text, sockets);
  const brew = () =>
    fetch(`${server.url}/teas`, {
      method: 'POST',
      headers: { authorization: bearer('olga'), 'content-type': 'application/json' },
      body: TEA,
    });

  it.each([
    ['never send anything', ''],
    ['never finish their headers', 'POST /teas HTTP/1.1\r\nhost: x\r\n'],
    ['never finish their body', `${HEAD}content-length: ${TEA.length}\r\n\r\n{"so`],
    ['never finish a body of unknown length', `${HEAD}transfer-encoding: chunked\r\n\r\n4\r\n{"so\r\n`],
  ])('that %s responds to them with 408, and serves other clients meanwhile', async (_, text) => {
    const slow = await Promise.all(Array.from({ length: 8 }, () => open(text)));
    expect((await brew()).status).toBe(201);
    for (const { answer } of slow) expect(await answer).toMatch(/^HTTP\/1.1 408 /);
  });
});
