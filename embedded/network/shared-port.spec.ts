import { once } from 'node:events';
import type { Server as HttpServer } from 'node:http';
import { type AddressInfo, connect, type Server, type Socket } from 'node:net';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHttpServer, type HttpServerOptions } from '../http/server.ts';
import { createNodeInfo } from '../node-info/node-info.ts';
import { openEventLog } from '../storage/sqlite-log.ts';
import { responseTo } from '../testing/raw-socket.ts';
import { createSharedPort } from './shared-port.ts';

const IDLE_MS = 20;
const HEADERS_MS = 40;
const REQUEST_MS = 80;
const CHECKED_EVERY_MS = 10;
/** Far longer than any test. */
const NEVER_MS = 1_000_000;

describe('the port shared by HTTP/1.1 and HTTP/2', () => {
  const log = openEventLog({ memory: true });
  const errors: string[] = [];
  let shared: Server;
  let port: number;
  let toHttp2: (socket: Socket) => void;

  const parts: HttpServerOptions = {
    info: () => createNodeInfo('127.0.0.1', port, log),
    subscriptions: () => {
      throw new RangeError('a secret of the disk');
    },
    scavengePages: () => false,
    onError: (sentence) => errors.push(sentence),
  };

  let limits: HttpServerOptions['limits'];

  beforeEach(async () => {
    limits = { idleMs: IDLE_MS };
    let http: HttpServer | undefined;
    shared = createSharedPort({
      http1: (socket) => {
        http ??= createHttpServer({ ...parts, ...(limits && { limits }) });
        http.emit('connection', socket);
      },
      http2: (socket) => toHttp2(socket),
    });
    shared.listen(0, '127.0.0.1');
    await once(shared, 'listening');
    port = (shared.address() as AddressInfo).port;
  });
  afterEach(async () => {
    const closed = once(shared, 'close');
    shared.close();
    await closed;
  });

  afterAll(() => log.close());

  /** Connects a client that sends the given text, and then single bytes until the server closes the connection. */
  function startSlowClient(text: string) {
    const client = connect({ port, host: '127.0.0.1', noDelay: true });
    let received = '';
    client.on('data', (data) => (received += String(data))).on('error', () => {});
    client.write(text);
    const drip = setInterval(() => client.write('x'), CHECKED_EVERY_MS / 2);
    client.once('close', () => clearInterval(drip));
    return { client, received: () => received };
  }

  it.for(['', 'P', 'PR'])('closes a connection whose client ends after sending "%s"', async (beginning) => {
    expect(await responseTo(port, Buffer.from(beginning))).toBe('');
  });

  it('passes HTTP/2 on with all its bytes when the preface arrives in two parts', async () => {
    const taken = new Promise<Socket>((resolve) => {
      toHttp2 = resolve;
    });
    const client = connect({ port, host: '127.0.0.1', noDelay: true });
    const accepted = once(shared, 'connection');
    client.write('P');
    const [server] = (await accepted) as [Socket];
    await once(server, 'readable');
    client.write('RI * HTTP/2.0');
    const socket = await taken;
    const [bytes] = await once(socket, 'data');
    expect(String(bytes)).toBe('PRI * HTTP/2.0');
    client.destroy();
    socket.destroy();
  });

  it.for(['GET /info HTT', 'GET /info HTTP/1.1\r\nHost: local'])(
    'closes an idle HTTP/1.1 connection after %j',
    async (request) => {
      const client = connect(port, '127.0.0.1');
      client.write(request);
      client.resume();
      await once(client, 'close');
    },
  );

  it('responds 408 to a client that sends its headers too slowly, byte by byte', async () => {
    limits = { headersTimeout: HEADERS_MS, connectionsCheckingInterval: CHECKED_EVERY_MS, idleMs: NEVER_MS };
    const { client, received } = startSlowClient('GET /info HTTP/1.1\r\nHost: localhost\r\nx: ');
    await once(client, 'close');
    expect(received()).toMatch(/^HTTP\/1\.1 408 /);
  });

  it('closes the connection of a client that sends its body too slowly', async () => {
    limits = {
      headersTimeout: HEADERS_MS,
      requestTimeout: REQUEST_MS,
      connectionsCheckingInterval: CHECKED_EVERY_MS,
      idleMs: NEVER_MS,
    };
    const head = `POST /info HTTP/1.1\r\nHost: localhost:${port}\r\nContent-Length: 1000000\r\n\r\n`;
    const { client } = startSlowClient(head);
    await once(client, 'close');
  });

  it('closes an HTTP/1.1 connection without further requests', async () => {
    limits = { keepAliveTimeout: IDLE_MS, idleMs: NEVER_MS };
    const client = connect(port, '127.0.0.1');
    client.write(`GET /ping HTTP/1.1\r\nHost: localhost:${port}\r\n\r\n`);
    client.resume();
    await once(client, 'close');
  });

  it('sets the same time limits as the command and query APIs', () => {
    const { headersTimeout, requestTimeout, keepAliveTimeout, timeout } = createHttpServer(parts);
    expect({ headersTimeout, requestTimeout, keepAliveTimeout, timeout }).toEqual({
      headersTimeout: 10_000,
      requestTimeout: 20_000,
      keepAliveTimeout: 65_000,
      timeout: 70_000,
    });
  });

  it('sets no time limit for an idle HTTP/2 connection', async () => {
    const taken = new Promise<Socket>((resolve) => {
      toHttp2 = resolve;
    });
    const client = connect(port, '127.0.0.1');
    client.write('PRI * HTTP/2.0');
    const socket = await taken;
    expect(socket.timeout).toBe(0);
    client.destroy();
    socket.destroy();
  });

  it('reports the reason of a failed page to the operator, and not to the client', async () => {
    const response = await fetch(`http://127.0.0.1:${port}/subscriptions`, {
      headers: { connection: 'close' },
    });
    expect(response.status).toBe(500);
    expect(await response.text()).toBe('The node could not show this page.');
    expect(errors).toEqual(['The page /subscriptions failed: a secret of the disk']);
  });

  it.for(['/info', '/web/index.html', '/nowhere'])(
    'tells browsers not to guess the content type of %s',
    async (path) => {
      const response = await fetch(`http://127.0.0.1:${port}${path}`, { headers: { connection: 'close' } });
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
      await response.arrayBuffer();
    },
  );
});
