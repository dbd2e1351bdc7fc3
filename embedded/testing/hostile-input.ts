import fc from 'fast-check';

const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
const NO_SETTINGS = Buffer.from('000000040000000000', 'hex');
const METHODS = [
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'DELETE',
  'OPTIONS',
  'TRACE',
  'CONNECT',
  'PROPFIND',
  'get',
  '',
];
const PATHS = [
  '/',
  '/web',
  '/web/',
  '/web/index.html',
  '/info',
  '/info/options',
  '/health/live',
  '/gossip',
  '/stats',
  '/subscriptions',
  '/ping',
  '/streams/$all',
  '/streams/order-1',
  '/streams/',
];
const ENCODINGS = [
  '%',
  '%00',
  '%zz',
  '%2F',
  '%24all',
  '%C3',
  '%F0%9F%A6%84',
  '..',
  '?',
  '#',
  '//',
  '\\',
  '[',
];
const HEADERS = [
  'Host',
  'Origin',
  'Accept',
  'Connection',
  'Content-Length',
  'Expect',
  'Transfer-Encoding',
  'Upgrade',
  '__proto__',
];
const VALUES = [
  '*',
  'a:b:c',
  'null',
  'http://',
  'chunked',
  'close',
  'h2c',
  'websocket',
  '100-continue',
  'unknown',
  '-1',
  '1e400',
  'a'.repeat(20_000),
];

const bytes = (maxLength: number) => fc.uint8Array({ maxLength }).map((array) => Buffer.from(array));
/** Random bytes as text, one character each. */
const latin1 = (maxLength: number) => bytes(maxLength).map((buffer) => buffer.toString('latin1'));

/** A random HTTP/2 frame, valid or not. */
const http2Frame = fc
  .record({
    type: fc.nat(12),
    flags: fc.nat(255),
    stream: fc.oneof(fc.nat(5), fc.nat()),
    payload: bytes(60),
    excess: fc.oneof({ weight: 8, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(20_000) }),
  })
  .map(({ type, flags, stream, payload, excess }) => {
    const header = Buffer.alloc(9);
    header.writeUIntBE(payload.length + excess, 0, 3);
    header.writeUInt8(type, 3);
    header.writeUInt8(flags, 4);
    header.writeUInt32BE(stream, 5);
    return Buffer.concat([header, payload]);
  });

const beginning = (of: Buffer) => fc.nat(of.length).map((length) => of.subarray(0, length));

/** Random first bytes of a connection, in one or two parts. */
export const connectionBytes = fc.oneof(
  fc.tuple(bytes(300)),
  fc.tuple(beginning(PREFACE), bytes(300)),
  fc.tuple(beginning(Buffer.from('GET /streams/$all HTTP/1.1\r\nHost: localhost\r\n\r\n')), bytes(300)),
  fc
    .array(http2Frame, { maxLength: 8 })
    .map((frames) => [Buffer.concat([PREFACE, NO_SETTINGS]), Buffer.concat(frames)]),
);

const target = fc.oneof(
  fc.constantFrom(...PATHS),
  fc
    .tuple(
      fc.constantFrom(...PATHS, '', 'http://elsewhere'),
      fc.oneof(fc.constantFrom(...ENCODINGS), latin1(60)),
    )
    .map((parts) => parts.join('')),
  fc.string({ unit: 'grapheme', maxLength: 60 }).map((name) => `/streams/${encodeURIComponent(name)}`),
  fc.nat(15_000).map((length) => `/streams/${'a'.repeat(length)}`),
);

/** A random HTTP/1.1 request to the node at a port, valid or not. */
export const http1Request = (port: number) =>
  fc
    .record({
      method: fc.oneof(
        { weight: 2, arbitrary: fc.constant('GET') },
        { weight: 1, arbitrary: fc.constantFrom(...METHODS) },
      ),
      target,
      headers: fc.array(
        fc.tuple(
          fc.oneof(fc.constantFrom(...HEADERS), latin1(20)),
          fc.oneof(fc.constantFrom(...VALUES), latin1(100)),
        ),
        { maxLength: 3 },
      ),
      hosted: fc.boolean(),
      body: fc.oneof(fc.constant(''), latin1(100)),
    })
    .map(({ method, target, headers, hosted, body }) => {
      const lines = [
        `${method} ${target} HTTP/1.1`,
        ...(hosted ? [`Host: 127.0.0.1:${port}`] : []),
        ...headers.map(([name, value]) => `${name}: ${value}`),
        ...(body === '' ? [] : [`Content-Length: ${body.length}`]),
      ];
      return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`, 'latin1');
    });

const varint = (value: number): number[] =>
  value < 0x80 ? [value] : [(value % 0x80) | 0x80, ...varint(Math.floor(value / 0x80))];

/** Random well-formed protobuf without a schema: the decoder accepts it more often than random bytes. */
const { message } = fc.letrec<{ message: Buffer; field: Buffer }>((tie) => ({
  message: fc.array(tie('field'), { maxLength: 6 }).map((fields) => Buffer.concat(fields)),
  field: fc
    .tuple(
      fc.integer({ min: 1, max: 16 }),
      fc.oneof(
        { maxDepth: 4 },
        fc.oneof(fc.nat(2_000), fc.maxSafeNat()),
        fc.oneof(
          fc
            .constantFrom('', 'order-1', '$all', '$$order-1', '(a+)+$', '.*')
            .map((text) => Buffer.from(text)),
          bytes(20),
        ),
        tie('message'),
      ),
    )
    .map(([number, content]) =>
      typeof content === 'number'
        ? Buffer.from([...varint(number * 8), ...varint(content)])
        : Buffer.concat([Buffer.from([...varint(number * 8 + 2), ...varint(content.length)]), content]),
    ),
}));

export const grpcMessages = fc.array(fc.oneof(bytes(100), message), { maxLength: 3 });
