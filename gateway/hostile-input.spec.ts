import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { expectNoUnexpectedErrors } from '../platform/http/testing/hostile-bytes.ts';
import { bearer, TestGateway } from './testing/gateway-kit.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await TestGateway.start();
});
afterAll(() => gateway.stop());
beforeEach(() => {
  gateway.command.got.length = 0;
  gateway.query.got.length = 0;
});

/** Returns the statuses of all responses, until the gateway closes the connection. */
async function statusesOf(text: string): Promise<number[]> {
  const { answer } = await gateway.raw(text);
  return [...(await answer).matchAll(/^HTTP\/1\.[01] (\d{3}) /gm)].map(([, status]) => Number(status));
}
const lines = (...text: string[]) => text.join('\r\n');
const got = () => [...gateway.command.got, ...gateway.query.got];

const CLOSE = 'Connection: close';
const SMUGGLED = lines('GET /api/v1/parked HTTP/1.1', 'Host: shop', CLOSE, '', '');

describe('a request that two parsers could read differently', () => {
  it.each([
    ['both Content-Length and Transfer-Encoding', ['Content-Length: 5', 'Transfer-Encoding: chunked']],
    ['the same two in the other order', ['Transfer-Encoding: chunked', 'Content-Length: 5']],
    ['two lengths', ['Content-Length: 5', 'Content-Length: 0']],
    ['a list of lengths', ['Content-Length: 5, 0']],
    ['a length with a sign', ['Content-Length: +5']],
    ['a negative length', ['Content-Length: -1']],
    ['a length in hexadecimal', ['Content-Length: 0x5']],
    ['an unknown transfer coding', ['Transfer-Encoding: xchunked']],
    ['chunked that is not the last coding', ['Transfer-Encoding: chunked, identity']],
    ['a tab before chunked', ['Transfer-Encoding:\u000bchunked']],
    ['a space before the colon', ['Transfer-Encoding : chunked']],
    ['a folded line', ['Transfer-Encoding:', ' chunked']],
    ['a folded header', ['X-Folded: a', ' b']],
    ['a bare line feed', ['X-A: 1\nX-B: 2']],
    ['a bare carriage return', ['X-A: 1\rTransfer-Encoding: chunked']],
    ['a null byte', ['X-A: 1\u0000']],
    ['a line without a name', [': value']],
  ])('is rejected when it has %s, and what follows is no request', async (_what, headers) => {
    const head = lines('POST /api/v1/orders HTTP/1.1', 'Host: shop', ...headers, '', '');
    const [status, ...more] = await statusesOf(`${head}0\r\n\r\n${SMUGGLED}`);
    expect([status, more]).toEqual([400, []]);
    expect(got()).toEqual([]);
  });

  it.each([
    ['a chunk size that is no number', 'x\r\n{}\r\n0\r\n\r\n'],
    ['a chunk size with a sign', '+2\r\n{}\r\n0\r\n\r\n'],
    ['a chunk longer than its size', '1\r\n{}\r\n0\r\n\r\n'],
    ['a bare line feed after the size', '2\n{}\r\n0\r\n\r\n'],
  ])('reaches no API when its body has %s', async (_what, body) => {
    const head = lines('POST /api/v1/orders HTTP/1.1', 'Host: shop', 'Transfer-Encoding: chunked', '', '');
    expect(await statusesOf(`${head}${body}${SMUGGLED}`)).toEqual([400]);
    expect(got()).toEqual([]);
  });

  it('is two requests when it is two: the second has its own token', async () => {
    const first = lines(
      'POST /api/v1/orders HTTP/1.1',
      'Host: shop',
      'Authorization: Bearer a',
      'Content-Length: 2',
      '',
      '',
    );
    expect(await statusesOf(`${first}{}${SMUGGLED}`)).toEqual([200, 200]);
    expect(gateway.command.got.map(({ body }) => body)).toEqual(['{}']);
    expect(gateway.query.got.map(({ headers }) => headers.authorization)).toEqual([undefined]);
  });
});

describe('a request target', () => {
  const get = (target: string) => statusesOf(lines(`GET ${target} HTTP/1.1`, 'Host: shop', CLOSE, '', ''));

  it('in absolute form is served by its path, whatever host it names', async () => {
    expect(await get('http://elsewhere.example:99/api/v1/orders?limit=1')).toEqual([200]);
    expect(gateway.query.last.url).toBe('/api/v1/orders?limit=1');
  });

  it.each([
    '/api/v1/orders/..',
    '/api/v1/orders/%2e%2e',
    '/api/v1/orders/%2e%2e%2f%2e%2e%2fmetrics',
    '/api/v1/orders/..;',
    '/api/v1/orders/%00',
  ])('with a trick in an id reaches the route of that id, unchanged: %s', async (target) => {
    expect(await get(target)).toEqual([200]);
    expect(gateway.query.last.url).toBe(target);
  });

  it.each([
    '/api/v1/../../metrics',
    '/api/v1/orders/../../../metrics',
    '/api/v1/%2e%2e/%2e%2e/metrics',
    '//metrics',
    '/./metrics',
    '/metrics/',
    '/api/v1/orders;/../metrics',
    '/%61pi/v1/orders',
    '/api/v1\\orders',
    '/api/v1/orders#/cancel',
    'metrics',
  ])('with a trick in the path reaches no API: %s', async (target) => {
    const [status] = await get(target);
    expect([400, 404]).toContain(status);
    expect(got()).toEqual([]);
  });
});

describe('a method or a version that the gateway does not serve', () => {
  it('TRACE is 405, and CONNECT ends the connection', async () => {
    expect(await statusesOf(lines('TRACE /api/v1/orders HTTP/1.1', 'Host: shop', CLOSE, '', ''))).toEqual([
      405,
    ]);
    expect(await statusesOf(lines('CONNECT 127.0.0.1:22 HTTP/1.1', 'Host: shop', '', ''))).toEqual([]);
    expect(got()).toEqual([]);
  });

  it('an upgrade to another protocol is an ordinary request', async () => {
    const upgrade = [
      'Connection: Upgrade, close',
      'Upgrade: websocket',
      'Sec-WebSocket-Key: x',
      'Sec-WebSocket-Version: 13',
    ];
    expect(await statusesOf(lines('GET /api/v1/orders HTTP/1.1', 'Host: shop', ...upgrade, '', ''))).toEqual([
      200,
    ]);
    expect(gateway.query.last.headers).not.toHaveProperty('upgrade');
  });

  it('HTTP/1.0 gets a response without chunks, and the connection closes', async () => {
    gateway.query.answer = (_got, res) => {
      res.writeHead(200, { 'content-type': 'text/plain' });
      res.write('one ');
      res.end('two');
    };
    const { answer } = await gateway.raw(lines('GET /api/v1/orders HTTP/1.0', '', ''));
    expect(await answer).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*\r\n\r\none two$/);
    expect(await answer).not.toMatch(/transfer-encoding/i);
    gateway.query.answer = (_got, res) => res.end('{}');
  });

  it('headers of more than 16 KiB are 431', async () => {
    const long = `X-Long: ${'a'.repeat(17_000)}`;
    expect(await statusesOf(lines('GET /api/v1/orders HTTP/1.1', 'Host: shop', long, '', ''))).toEqual([431]);
    expect(got()).toEqual([]);
  });
});

it('a client that sends too slowly gets 408, and no API gets its request', async () => {
  const timeouts = { headersTimeout: 200, requestTimeout: 200, connectionsCheckingInterval: 20 };
  const strict = await TestGateway.start({}, { timeouts });
  const head = lines('POST /api/v1/orders HTTP/1.1', 'Host: shop', 'Content-Length: 50', '', '');
  for (const begun of ['POST /api/v1/orders HTTP/1.1\r\nHost', `${head}{"items":`])
    expect(await (await strict.raw(begun)).answer).toMatch(/^HTTP\/1\.1 408 /);
  expect(strict.command.got).toEqual([]);
  expect(strict.errors).toEqual([]);
  await strict.stop();
});

it('a client that does not read its response does not keep other clients from getting one', async () => {
  gateway.query.answer = (_got, res) => res.end('x'.repeat(1_000_000));
  const { socket } = await gateway.raw(lines('GET /api/v1/orders HTTP/1.1', 'Host: shop', '', ''));
  socket.pause();
  expect((await gateway.get('/api/v1/orders')).text).toHaveLength(1_000_000);
  gateway.query.answer = (_got, res) => res.end('{}');
});

it('random requests get no unexpected error', async () => {
  const token = bearer('ann').authorization.slice('Bearer '.length);
  const paths = [
    '/api/v1/orders',
    '/api/v1/orders/o1/cancel',
    '/api/v1/orders/live',
    '/docs',
    '/',
    '/metrics',
  ];
  await expectNoUnexpectedErrors({ port: gateway.port, paths, token, requests: 400 });
  expect(gateway.errors).toEqual([]);
});
