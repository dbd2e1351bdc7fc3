import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { ShopUnavailable, UnexpectedResponse } from '../../errors.ts';
import { createRetryPolicy } from '../../http/retry-policy.ts';
import { Shop } from './shop.ts';

describe('the client of a shop', () => {
  let server: Server | undefined;
  let shop: Shop | undefined;
  afterEach(async () => {
    await shop?.close();
    server?.close();
  });

  /** Starts a shop that answers with these statuses in turn, and then always with the last. */
  async function startShop(
    statuses: readonly number[],
    { print = () => {}, maxWaitMs = 60_000 }: { print?: (text: string) => void; maxWaitMs?: number } = {},
  ) {
    let answered = 0;
    server = createServer((_req, res) => {
      res.statusCode = statuses[Math.min(answered++, statuses.length - 1)] ?? 200;
      res.end(JSON.stringify({ detail: 'as the server says', items: [], next: null }));
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server?.once('listening', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const retryPolicy = createRetryPolicy({ print, maxWaitMs, printEveryMs: 0 });
    shop = new Shop({ commandUrl: url, queryUrl: url, token: 't', connections: 1, retryPolicy });
    return { shop, url };
  }

  it('retries a request while the answer is 503, and reports it', async () => {
    const printed: string[] = [];
    const { shop, url } = await startShop([503, 503, 200], { print: (text) => printed.push(text) });
    expect((await shop.query('/api/v1/orders')).status).toBe(200);
    expect(printed[0]).toBe(`waiting: the query API at ${url} answers 503: as the server says (for 0 s now)`);
  });

  it('gives up on an API that keeps answering 503', async () => {
    const { shop, url } = await startShop([503], { maxWaitMs: 300 });
    const asking = shop.command('POST', '/api/v1/orders', {});
    await expect(asking).rejects.toThrow(ShopUnavailable);
    await expect(asking).rejects.toThrow(`the command API at ${url} answers 503: as the server says`);
  });

  it('throws at once for other server errors', async () => {
    const { shop } = await startShop([500]);
    await expect(shop.query('/api/v1/orders')).rejects.toThrow(UnexpectedResponse);
  });

  it('throws at once when no server listens', async () => {
    const { shop, url } = await startShop([200]);
    await new Promise((resolve) => server?.close(resolve));
    await expect(shop.reach()).rejects.toThrow(`the command API at ${url} does not answer: start it`);
  });

  it('counts an API as reachable after any response', async () => {
    const { shop } = await startShop([503]);
    await expect(shop.reach()).resolves.toBeUndefined();
  });
});
