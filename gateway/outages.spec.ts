import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freePort } from '../test/support/processes/free-port.ts';
import { bearer, TestGateway } from './testing/gateway-kit.ts';

const RESTART_MS = 1_500;
/** Longer than a test may take. */
const NEVER_MS = 600_000;
let gateway: TestGateway;
beforeEach(async () => {
  gateway = await TestGateway.start({ restartMs: NEVER_MS, respondWithinMs: NEVER_MS });
});
afterEach(() => gateway.stop());

/** Replaces the gateway by one with these time limits. */
async function restartWith(limits: { restartMs?: number; respondWithinMs?: number }): Promise<void> {
  await gateway.stop();
  gateway = await TestGateway.start({ restartMs: NEVER_MS, respondWithinMs: NEVER_MS, ...limits });
}

const order = { items: [{ productId: 'mug', quantity: 1 }] };
const problem = (code: string) => `urn:orderstream:problem:${code}`;

describe('an API that restarts', () => {
  it('gets the requests that it did not get during the restart', async () => {
    await gateway.command.stop();
    const placing = [1, 2, 3].map(() => gateway.post('/api/v1/orders', order, bearer('ann')));
    await gateway.command.start();
    expect((await Promise.all(placing)).map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(gateway.command.got.map(({ body }) => body)).toEqual([1, 2, 3].map(() => JSON.stringify(order)));
  });

  it('gets requests over a new connection, when the old one was closed', async () => {
    expect((await gateway.get('/api/v1/orders')).status).toBe(200);
    await gateway.query.stop();
    await gateway.query.start();
    expect((await gateway.get('/api/v1/orders')).status).toBe(200);
    expect((await gateway.post('/api/v1/orders', order)).status).toBe(200);
  });
});

describe('an API that is unavailable', () => {
  it('is a 503 problem with Retry-After, first after the time of a restart and then at once', async () => {
    await restartWith({ restartMs: RESTART_MS });
    await gateway.command.stop();
    const startedAt = performance.now();
    const first = await gateway.post('/api/v1/orders', order);
    const waitedMs = performance.now() - startedAt;
    expect(waitedMs).toBeGreaterThan(RESTART_MS - 100);
    const second = await gateway.post('/api/v1/orders', order);
    expect(performance.now() - startedAt - waitedMs).toBeLessThan(RESTART_MS);
    for (const { status, headers, body } of [first, second]) {
      expect([status, body.type, body.status]).toEqual([503, problem('api-unavailable'), 503]);
      expect(headers['content-type']).toBe('application/problem+json');
      expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    }
    expect((await gateway.get('/api/v1/orders')).status).toBe(200);
    await gateway.command.start();
    expect((await gateway.post('/api/v1/orders', order)).status).toBe(200);
    expect(gateway.errors).toEqual([]);
  });

  it('is a 503 problem when its name has no address', async () => {
    const other = await TestGateway.start({
      restartMs: 10,
      commandUrl: new URL('http://does-not-exist.invalid:1'),
    });
    const { status, body } = await other.post('/api/v1/orders', order);
    expect([status, body.type]).toEqual([503, problem('api-unavailable')]);
    await other.stop();
  });

  it('does not keep the documents from saying so', async () => {
    const port = await freePort();
    const other = await TestGateway.start({ queryUrl: new URL(`http://127.0.0.1:${port}`) });
    const { status, headers } = await other.get('/openapi.json');
    expect([status, headers['retry-after']]).toEqual([503, '2']);
    await other.stop();
  });
});

describe('a request whose connection breaks before the response', () => {
  it('is repeated when it changes nothing', async () => {
    gateway.query.answer = (_got, res, req) => {
      if (gateway.query.got.length === 1) req.socket.destroy();
      else res.end('there');
    };
    const { status, text } = await gateway.get('/api/v1/orders');
    expect([status, text, gateway.query.got.length]).toEqual([200, 'there', 2]);
  });

  it('is repeated, with its whole body, when it has an Idempotency-Key', async () => {
    gateway.command.answer = (_got, res, req) => {
      if (gateway.command.got.length === 1) req.socket.destroy();
      else res.writeHead(201).end();
    };
    const { status } = await gateway.post('/api/v1/orders', order, { 'idempotency-key': 'k' });
    expect(status).toBe(201);
    expect(gateway.command.got.map(({ body }) => body)).toEqual([
      JSON.stringify(order),
      JSON.stringify(order),
    ]);
  });

  it('is sent once otherwise, and its outcome is unknown', async () => {
    gateway.command.answer = (_got, _res, req) => req.socket.destroy();
    const { status, body, headers } = await gateway.post('/api/v1/orders', order);
    expect([status, body.type]).toEqual([503, problem('outcome-unknown')]);
    expect(headers['retry-after']).toBe('2');
    expect(gateway.command.got).toHaveLength(1);
  });

  it('fails after a few attempts', async () => {
    gateway.query.answer = (_got, _res, req) => req.socket.destroy();
    const { status, body } = await gateway.get('/api/v1/orders');
    expect([status, body.type, gateway.query.got.length]).toEqual([503, problem('no-response'), 4]);
  });
});

describe('a request that an API does not answer in time', () => {
  it.each([
    ['GET', 'no-response'],
    ['POST', 'outcome-unknown'],
  ])('fails once: %s', async (method, code) => {
    await restartWith({ respondWithinMs: 500 });
    gateway.query.answer = () => {};
    gateway.command.answer = () => {};
    const { status, body } = await gateway.call(method, '/api/v1/orders');
    expect([status, body.type]).toEqual([503, problem(code)]);
    expect(gateway.query.got.length + gateway.command.got.length).toBe(1);
  });
});

describe('a response that breaks off', () => {
  it.each([
    ['in chunks', {}],
    ['with its length', { 'content-length': '10000' }],
    ['that would be compressed', { 'content-type': 'application/json' }],
  ])('%s is cut off for the client too, and never looks complete', async (_how, headers) => {
    gateway.query.answer = (_got, res, req) => {
      res.writeHead(200, headers);
      res.write(`{"items":["${'x'.repeat(5_000)}`, () => req.socket.destroy());
    };
    await expect(gateway.get('/api/v1/orders', { 'accept-encoding': 'gzip' })).rejects.toThrow(
      /aborted|hang up|reset/i,
    );
    expect(gateway.query.got).toHaveLength(1);
  });

  it('is not HTTP: the query fails, and the gateway keeps running', async () => {
    gateway.query.answer = (_got, _res, req) => req.socket.end('HTTP/1.1 200 OK\r\nbad header\r\n\r\n');
    expect((await gateway.get('/api/v1/orders')).status).toBe(503);
    expect((await gateway.get('/health/live')).status).toBe(200);
  });
});
