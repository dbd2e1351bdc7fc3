import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { TestGateway } from './testing/gateway-kit.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await TestGateway.start();
});
afterAll(() => gateway.stop());
beforeEach(() => {
  gateway.command.got.length = 0;
});

const MIB = 1024 * 1024;
const head = (...lines: string[]) =>
  ['POST /api/v1/orders HTTP/1.1', 'Host: shop', ...lines, '', ''].join('\r\n');

it('forwards a body of 1 MiB', async () => {
  const { status } = await gateway.call('POST', '/api/v1/orders', { body: 'x'.repeat(MIB) });
  expect([status, gateway.command.last.body.length]).toEqual([200, MIB]);
});

it.each([
  ['with its length', {}],
  ['in chunks', { 'transfer-encoding': 'chunked' }],
])('rejects a larger body that is sent %s, and the API gets nothing', async (_how, headers) => {
  const { status, body } = await gateway.call('POST', '/api/v1/orders', {
    headers,
    body: 'x'.repeat(MIB + 1),
  });
  expect([status, body.type, body.limitBytes]).toEqual([413, 'urn:orderstream:problem:body-too-large', MIB]);
  expect(gateway.command.got).toEqual([]);
});

it('forwards a body that is sent in chunks with its length', async () => {
  await gateway
    .raw(
      `${head('Transfer-Encoding: chunked', 'Connection: close')}2\r\n{"\r\n3\r\na":\r\n2\r\n1}\r\n0\r\n\r\n`,
    )
    .then(({ answer }) => answer);
  expect(gateway.command.last).toMatchObject({ body: '{"a":1}', headers: { 'content-length': '7' } });
});

it('sends nothing to the API when the client aborts its upload', async () => {
  const { socket, answer } = await gateway.raw(`${head('Content-Length: 100')}{"items":`);
  socket.destroySoon();
  await answer;
  await gateway.post('/api/v1/orders', { after: 'the abort' });
  expect(gateway.command.got).toMatchObject([{ body: '{"after":"the abort"}' }]);
  expect(gateway.errors).toEqual([]);
});

it('answers Expect: 100-continue itself, and the API gets no Expect', async () => {
  const { socket, answer } = await gateway.raw(
    head('Content-Length: 2', 'Expect: 100-continue', 'Connection: close'),
  );
  socket.once('data', () => socket.write('{}'));
  expect(await answer).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK\r\n/);
  expect(gateway.command.last.headers).not.toHaveProperty('expect');
});
