import { createParser } from 'eventsource-parser';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { expectNoUnexpectedErrors } from '../../platform/http/testing/hostile-bytes.ts';
import { ChangeFeed } from './change-feed.ts';
import { type FeedServer, startFeedServer } from './feed-server.ts';

let feed: ChangeFeed;
let server: FeedServer;
let isWriting: boolean;
let logged: string[];

beforeEach(async () => {
  feed = new ChangeFeed();
  isWriting = true;
  logged = [];
  server = await startFeedServer({
    feed,
    host: '127.0.0.1',
    port: 0,
    metrics: new Registry(),
    logger: { error: (message) => logged.push(message) },
    ready: async () => ({ ready: isWriting, checks: {} }),
    isWriting: () => isWriting,
  });
});
afterEach(() => server.close());

it('the change feed sends a new listener all positions, then every change', async () => {
  feed.publish('orders', 7n);
  feed.publish('items', 9_007_199_254_740_993n);
  const changes = listen();
  expect(await changes.next()).toEqual({ model: 'orders', position: '7' });
  expect(await changes.next()).toEqual({ model: 'items', position: '9007199254740993' });
  feed.publish('orders', 8n);
  feed.publish('orders', 8n);
  feed.publish('items', 9_007_199_254_740_995n);
  expect(await changes.next()).toEqual({ model: 'orders', position: '8' });
  expect(await changes.next()).toEqual({ model: 'items', position: '9007199254740995' });
});

it('the change feed sends the latest position of each read model per turn of the event loop', async () => {
  const changes = listen();
  feed.publish('orders', 1n);
  expect(await changes.next()).toEqual({ model: 'orders', position: '1' });
  feed.publish('orders', 2n);
  feed.publish('orders', 3n);
  expect(await changes.next()).toEqual({ model: 'orders', position: '3' });
});

it('the change feed disconnects its listeners when it closes', async () => {
  const changes = listen();
  feed.publish('orders', 1n);
  await changes.next();
  feed.close();
  expect(await changes.next()).toBeUndefined();
});

it('the change feed responds with 503 while another projector writes', async () => {
  isWriting = false;
  const response = await fetch(server.feedUrl);
  expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
});

it('the change feed is live before it is ready', async () => {
  const status = async (path: string) => (await fetch(new URL(path, server.feedUrl))).status;
  expect([await status('/health/live'), await status('/health/ready')]).toEqual([200, 200]);
  isWriting = false;
  expect([await status('/health/live'), await status('/health/ready')]).toEqual([200, 503]);
});

it('the change feed never responds with a server error, whatever bytes arrive', async () => {
  isWriting = false;
  await expectNoUnexpectedErrors({
    port: server.port,
    paths: ['/changes', '/health/live', '/health/ready', '/metrics'],
  });
  expect(logged).toEqual([]);
});

function listen() {
  const arrived = (async function* () {
    const waiting: unknown[] = [];
    const parser = createParser({ onEvent: ({ data }) => waiting.push(JSON.parse(data)) });
    const { body } = await fetch(server.feedUrl);
    for await (const chunk of body ?? []) {
      parser.feed(new TextDecoder().decode(chunk));
      yield* waiting.splice(0);
    }
  })();
  return { next: async () => (await arrived.next()).value };
}
