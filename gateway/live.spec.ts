import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EventStream } from '../read-api/testing/event-stream.ts';
import { TestGateway } from './testing/gateway-kit.ts';

let gateway: TestGateway;
let opened: Promise<ServerResponse>;
const LIVE = '/api/v1/orders/live';
const message = (id: string) => `id: ${id}\ndata: {"type":"OrderPlaced"}\n\n`;

beforeEach(async () => {
  gateway = await TestGateway.start();
  opened = new Promise((resolve) => {
    gateway.query.answer = (_got, res) => {
      res.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
      res.flushHeaders();
      resolve(res);
    };
  });
});
afterEach(() => gateway.stop());

const listen = (headers: Record<string, string> = {}) => EventStream.open(gateway.port, LIVE, headers);

describe('server-sent events', () => {
  it('begin before the first event', async () => {
    const stream = await listen();
    expect([stream.status, stream.headers['content-type']]).toEqual([200, 'text/event-stream']);
    stream.close();
  });

  it('reach the client one by one, not compressed', async () => {
    const stream = await listen({ 'accept-encoding': 'gzip, br' });
    const api = await opened;
    for (const id of ['1', '2', '3']) {
      api.write(message(id));
      await stream.types(Number(id));
    }
    expect(stream.headers).not.toHaveProperty('content-encoding');
    expect(stream.events.map(({ id }) => id)).toEqual(['1', '2', '3']);
    stream.close();
  });

  it('resume after the id that the client sends', async () => {
    const stream = await listen({ 'last-event-id': '10423' });
    expect(gateway.query.last.headers['last-event-id']).toBe('10423');
    stream.close();
  });

  it('end for the API when the client leaves', async () => {
    const stream = await listen();
    const api = await opened;
    stream.close();
    await once(api, 'close');
    expect(api.destroyed).toBe(true);
  });

  it('are cut off when the API dies, so that the client reconnects', async () => {
    const stream = await listen();
    (await opened).socket?.destroy();
    await stream.over;
  });

  it('end when the gateway stops', async () => {
    const stream = await listen();
    await opened;
    gateway.beginStop();
    await stream.over;
  });
});

it('comments of the API keep an idle stream open longer than a silent connection', async () => {
  await gateway.stop();
  gateway = await TestGateway.start({ respondWithinMs: 100 }, { idleTimeoutMs: 400 });
  let comments = 0;
  gateway.query.answer = ({ url }, res) => {
    res.writeHead(200, { 'content-type': 'text/event-stream' });
    res.write('retry: 2000\n\n');
    if (url !== LIVE) return;
    const timer = setInterval(() => {
      comments += 1;
      if (comments === 20) res.end(message('1'));
      else res.write(': still here\n\n');
    }, 100);
    res.once('close', () => clearInterval(timer));
  };
  const [silent, alive] = [await EventStream.open(gateway.port, `${LIVE}?silent`, {}), await listen()];
  await silent.over;
  const endedBefore = alive.events.length;
  expect(await alive.types(1)).toEqual(['OrderPlaced']);
  expect([silent.events.length, endedBefore, comments]).toEqual([0, 0, 20]);
});
