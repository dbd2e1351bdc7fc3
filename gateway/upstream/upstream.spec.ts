import { once } from 'node:events';
import { get, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { FakeApi } from '../testing/fake-api.ts';
import { Upstream } from './upstream.ts';

let api: FakeApi;
let upstream: Upstream;
beforeEach(async () => {
  api = await FakeApi.start();
  upstream = new Upstream({ api: 'query', url: api.url, idleMs: 100 });
});
afterEach(async () => {
  upstream.close();
  await api.stop();
});

/** Sends a query over a connection of the gateway to the API. */
async function query(): Promise<{ readonly response: IncomingMessage; readonly atApi: ServerResponse }> {
  const answer = api.answer;
  const asked = new Promise<ServerResponse>((resolve) => {
    api.answer = (got, res, req) => {
      answer(got, res, req);
      resolve(res);
    };
  });
  const [response] = (await once(get(api.url, { agent: upstream.agent }), 'response')) as [IncomingMessage];
  api.answer = answer;
  return { response, atApi: await asked };
}

it('the gateway closes a connection without a request, and keeps one whose live stream is silent', async () => {
  api.answer = (_got, res) => {
    res.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
  };
  const live = await query();
  let closed: Promise<unknown> = Promise.reject(new Error('the API got no request'));
  closed.catch(() => {});
  api.answer = (_got, res, req) => {
    closed = once(req.socket, 'close');
    res.end('there');
  };
  const idle = await query();
  expect(await text(idle.response)).toBe('there');
  // The stream has been silent for longer than the other connection was idle.
  await closed;
  live.atApi.end('data: 1\n\n');
  expect(await text(live.response)).toBe('data: 1\n\n');
});
