import { connect } from 'node:net';
import fc from 'fast-check';
import { expect } from 'vitest';

/** A server that gets the requests. */
interface Target {
  readonly port: number;
  /** Paths of its routes. */
  readonly paths: readonly string[];
  /** Sent with about half of the requests, before the generated headers. */
  readonly token?: string;
  readonly requests?: number;
}

const METHODS = ['GET', 'HEAD', 'POST', 'PATCH', 'PUT', 'DELETE', 'OPTIONS', 'TRACE', 'get', 'PROPFIND', ''];
const HEADERS = [
  'Authorization',
  'Idempotency-Key',
  'If-Match',
  'If-None-Match',
  'Content-Type',
  'Content-Length',
  'Content-Encoding',
  'Transfer-Encoding',
  'Connection',
  'Upgrade',
  'Expect',
  'Orderstream-Min-Position',
  'Last-Event-ID',
  'X-Request-Id',
  'Traceparent',
  'Host',
  'X-Forwarded-For',
  'Cookie',
  '__proto__',
];
/** Values that a parser may treat in a special way. */
const SPECIAL_VALUES = [
  'Bearer ',
  'Bearer eyJhbGciOiJub25lIn0.e30.',
  'Basic b2xnYTpvbGdh',
  '"3"',
  'W/"3"',
  '*',
  '-1',
  '99999999999999999999',
  '1e400',
  'NaN',
  'application/json',
  'application/json; charset=utf-16',
  'multipart/form-data; boundary=x',
  'gzip',
  'chunked',
  'close',
  'websocket',
  '100-continue',
  'a miracle',
  '{{7*7}}',
  "' OR 1=1 --",
  '../../etc/passwd',
  'a'.repeat(300),
  'a'.repeat(20_000),
];

/** Arbitrary bytes, as a text with one character per byte. */
const bytes = (maxLength: number) =>
  fc.uint8Array({ maxLength }).map((array) => Buffer.from(array).toString('latin1'));
const value = fc.oneof(fc.constantFrom(...SPECIAL_VALUES), bytes(200), fc.string({ maxLength: 300 }));
const body = fc.oneof(fc.constant(''), fc.json(), bytes(300), fc.constant('{"__proto__":{"role":"admin"}}'));

const requestTo = (paths: readonly string[]) =>
  fc.record({
    method: fc.constantFrom(...METHODS),
    target: fc.oneof(
      fc.constantFrom(...paths),
      fc
        .tuple(fc.constantFrom(...paths, '/', '', 'http://elsewhere', '//elsewhere'), bytes(100))
        .map((parts) => parts.join('')),
      fc
        .tuple(fc.constantFrom(...paths), fc.constantFrom('?', '/', '%', '%00', '?__proto__=1', '?a&a', '#'))
        .map((parts) => parts.join('')),
    ),
    authorized: fc.boolean(),
    headers: fc.array(fc.tuple(fc.oneof(fc.constantFrom(...HEADERS), bytes(20)), value), { maxLength: 5 }),
    hasHost: fc.boolean(),
    body,
  });

/**
 * Sends generated requests that are valid HTTP or nearly so. Expects that no response has an unexpected error (503 and 504
 * are allowed), and that every rejection is a problem, or a bare status from the HTTP parser.
 */
export async function expectNoUnexpectedErrors({
  port,
  paths,
  token,
  requests = 300,
}: Target): Promise<void> {
  await fc.assert(
    fc.asyncProperty(requestTo(paths), async ({ method, target, authorized, headers, hasHost, body }) => {
      const lines = [
        `${method} ${target} HTTP/1.1`,
        ...(hasHost ? ['Host: shop'] : []),
        ...(authorized && token !== undefined ? [`Authorization: Bearer ${token}`] : []),
        ...headers.map(([name, text]) => `${name}: ${text}`),
        ...(body === '' ? [] : [`Content-Length: ${Buffer.byteLength(body, 'latin1')}`]),
      ];
      for (const { status, type } of answersIn(await sent(port, `${lines.join('\r\n')}\r\n\r\n${body}`))) {
        expect(status < 500 || status === 503 || status === 504, `${status}`).toBe(true);
        // Readiness responds with 503 and a JSON document that is not a problem.
        const allowedTypes = [
          undefined,
          'application/problem+json',
          ...(status === 503 ? ['application/json'] : []),
        ];
        if (status >= 400) expect(allowedTypes).toContain(type);
      }
    }),
    { numRuns: requests, seed: Number(process.env.HOSTILE_SEED ?? 1) },
  );
  expect((await fetch(`http://127.0.0.1:${port}/health/live`)).status).toBe(200);
}

/** Sends a request, ends the sending side, and returns everything that the server sends until it closes the connection. */
function sent(port: number, request: string): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    const socket = connect(port, '127.0.0.1');
    socket.setEncoding('latin1');
    socket.on('data', (more) => {
      text += more;
    });
    // After a reset, the bytes that were received before still count.
    socket.on('error', () => {});
    socket.on('close', () => resolve(text));
    socket.end(Buffer.from(request, 'latin1'));
  });
}

const answersIn = (text: string) =>
  [...text.matchAll(/^HTTP\/1\.1 (\d{3}) [^\r\n]*\r\n((?:[^\r\n]+\r\n)*)\r\n/gm)].map(
    ([, status, head = '']) => ({
      status: Number(status),
      type: /^content-type: ([^;\r\n]*)/im.exec(head)?.[1],
    }),
  );
