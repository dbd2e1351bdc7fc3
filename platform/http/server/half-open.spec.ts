import diagnostics from 'node:diagnostics_channel';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createTeaApi, TEA, teaHead } from '../testing/tea-api.ts';
import { type Listening, listen } from './listen.ts';

const HEAD = teaHead('olga');
const SHORT_TIMEOUTS = { headersTimeout: 200, requestTimeout: 400, connectionsCheckingInterval: 20 };
/** So long that even a busy machine rejects the request before the time limit. */
const PATIENT = { ...SHORT_TIMEOUTS, headersTimeout: 60_000, requestTimeout: 60_000 };

describe('a client that keeps its side of the connection open', () => {
  let brewed = 0;
  let server: Listening;
  const accepted = new Set<Socket>();
  const clients: Socket[] = [];
  const onAccepted = (message: unknown) => {
    const { socket } = message as { socket: Socket };
    if (socket.localPort !== server.port) return;
    accepted.add(socket);
    socket.once('close', () => accepted.delete(socket));
  };
  const start = async (timeouts: typeof SHORT_TIMEOUTS) => {
    brewed = 0;
    server = await listen(
      createTeaApi({
        brewed: () => {
          brewed += 1;
        },
      }),
      { host: '127.0.0.1', port: 0, timeouts },
    );
    diagnostics.subscribe('net.server.socket', onAccepted);
  };
  afterEach(async () => {
    diagnostics.unsubscribe('net.server.socket', onAccepted);
    for (const client of clients.splice(0)) client.destroy();
    await server.close(0);
  });

  async function open(text: string): Promise<{ client: Socket; answer: Promise<string> }> {
    const client = connect({ port: server.port, host: '127.0.0.1', allowHalfOpen: true }).setEncoding('utf8');
    clients.push(client);
    // Writing to a closed connection emits an error.
    client.on('error', () => {});
    let heard = '';
    client.on('data', (piece) => {
      heard += piece;
    });
    const answer = new Promise<string>((resolve) => {
      client.once('end', () => resolve(heard));
      client.once('close', () => resolve(heard));
    });
    await once(client, 'connect');
    client.write(text);
    return { client, answer };
  }
  async function noneIsOpen(): Promise<void> {
    for (const socket of [...accepted]) if (!socket.closed) await once(socket, 'close');
    expect(accepted.size).toBe(0);
  }

  it.each([
    ['never sends anything', '', 408],
    ['never finishes its headers', 'POST /teas HTTP/1.1\r\nhost: x\r\n', 408],
    ['never finishes its body', `${HEAD}content-length: ${TEA.length}\r\n\r\n{"so`, 408],
    [
      'never finishes a body of unknown length',
      `${HEAD}transfer-encoding: chunked\r\n\r\n4\r\n{"so\r\n`,
      408,
    ],
    ['sends bytes that are not HTTP', 'NONSENSE\r\n\r\n', 400],
    ['sends too many headers', `GET / HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`, 431],
  ])('that %s occupies no connection after the response', async (_, text, status) => {
    await start(status === 408 ? SHORT_TIMEOUTS : PATIENT);
    const slow = await Promise.all(Array.from({ length: 8 }, () => open(text)));
    for (const { answer } of slow) {
      const heard = await answer;
      expect(heard).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
      expect(JSON.parse(heard.slice(heard.indexOf('\r\n\r\n')))).toMatchObject({ status });
    }
    await noneIsOpen();
    expect(brewed).toBe(0);
  });

  it.each([
    ['its body', `content-length: ${TEA.length}\r\n\r\n{"so`, TEA.slice(4)],
    [
      'a body of unknown length',
      'transfer-encoding: chunked\r\n\r\n4\r\n{"so\r\n',
      `d\r\n${TEA.slice(4)}\r\n0\r\n\r\n`,
    ],
  ])('that completes %s after the response 408 has no effect', async (_, begun, rest) => {
    await start(SHORT_TIMEOUTS);
    const { client, answer } = await open(`${HEAD}${begun}`);
    expect(await answer).toMatch(/^HTTP\/1.1 408 /);
    client.end(rest);
    await noneIsOpen();
    expect(brewed).toBe(0);
  });
});
