import { request } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestGateway } from '../testing/gateway-kit.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await TestGateway.start();
});
afterAll(() => gateway.stop());

const text = JSON.stringify({ items: Array.from({ length: 200 }, () => 'lantern') });

/** Returns the headers and the bytes of a response as they were sent. */
const get = (acceptEncoding: string, headers: Record<string, string>) => {
  gateway.query.answer = (_got, res) => res.writeHead(200, headers).end(text);
  return new Promise<{ encoding: string | undefined; vary: string | undefined; bytes: Buffer }>(
    (resolve, reject) => {
      request({
        host: '127.0.0.1',
        port: gateway.port,
        path: '/api/v1/orders',
        headers: { 'accept-encoding': acceptEncoding },
        agent: false,
      })
        .on('error', reject)
        .on('response', async (response) => {
          const { 'content-encoding': encoding, vary } = response.headers;
          resolve({ encoding, vary, bytes: await buffer(response) });
        })
        .end();
    },
  );
};

describe('the gateway', () => {
  it('compresses a list for a client that accepts it', async () => {
    const { encoding, vary, bytes } = await get('gzip', { 'content-type': 'application/json' });
    expect([encoding, vary]).toEqual(['gzip', 'Accept-Encoding']);
    expect(gunzipSync(bytes).toString()).toBe(text);
    expect(bytes.length).toBeLessThan(text.length / 4);
  });

  it.each([
    ['the client does not accept it', 'identity', {}],
    ['it has a strong ETag, which stands for the exact bytes', 'gzip', { etag: '"3"' }],
    ['the API forbids it', 'gzip', { 'cache-control': 'no-transform' }],
    ['the API has compressed it', 'gzip', { 'content-encoding': 'br' }],
    ['it is a picture', 'gzip', { 'content-type': 'image/png' }],
  ])('does not compress a response when %s', async (_why, accepted, headers) => {
    const { encoding, bytes } = await get(accepted, { 'content-type': 'application/json', ...headers });
    expect(encoding).toBe('content-encoding' in headers ? 'br' : undefined);
    expect(bytes.toString()).toBe(text);
  });
});
