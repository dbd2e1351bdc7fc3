import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { itemsProjection } from '../../projections/items/projection.ts';
import { ordersProjection } from '../../projections/orders/projection.ts';
import type { ReadStore } from '../../read-store/read-store.ts';
import { sqliteReadStore } from '../../read-store/testing/adapters.ts';
import { makeLive } from '../../read-store/testing/make-live.ts';
import { silent } from '../testing/harness.ts';
import { ChangeFeed } from './change-feed.ts';

const LEASE = 'projections';
const LONG = 20_000;

/** A feed as the projections serve it: `connections` holds who listens. */
class FeedServer {
  readonly connections: ServerResponse[] = [];
  readonly #server = createServer((_, res) => {
    res.writeHead(200, { 'content-type': 'text/event-stream' });
    res.flushHeaders();
    this.connections.push(res);
    this.#server.emit('listener');
  });

  async start(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/feed`;
  }

  /** Resolves with the connection of the next one to listen. */
  async nextListener(): Promise<ServerResponse> {
    await once(this.#server, 'listener');
    return this.connections.at(-1) as ServerResponse;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

const testStore = sqliteReadStore();
let store: ReadStore;
let server: FeedServer;
let feed: ChangeFeed;

/** Never looks at a checkpoint by itself within a test, unless told otherwise. */
const follow = (timing = {}) => {
  feed = new ChangeFeed({
    readStore: store,
    lease: LEASE,
    logger: silent,
    timing: { pollWithoutFeed: LONG, pollWithFeed: LONG, reconnect: 20, checkLease: LONG, ...timing },
  });
};
const tell = (listener: ServerResponse, data: unknown) => listener.write(`data: ${JSON.stringify(data)}\n\n`);
const takeLease = (url: string, owner = 'one') => store.takeLease(LEASE, { owner, url, beat: 1 });
const checkpoint = async (at: bigint) => {
  const generation = await store.generation(ordersProjection, 1);
  await generation.commit([], { commit: at, prepare: at });
  await makeLive(store, ordersProjection, 1);
};

beforeEach(async () => {
  store = await testStore.open();
  server = new FeedServer();
});
afterEach(async () => {
  await feed.close();
  await server.stop();
  await testStore.dispose();
});

describe('with the feed', () => {
  it('a waiting request ends when the feed reports its position', async () => {
    await takeLease(await server.start());
    const listener = server.nextListener();
    follow();
    const waiting = feed.waitFor(ordersProjection, 200n, LONG);
    tell(await listener, { model: 'items', position: '900' });
    tell(await listener, { model: 'orders', position: '150' });
    tell(await listener, { model: 'orders', position: '250' });

    expect(await waiting).toBe(true);
    expect(feed.position('orders')).toBe(250n);
    expect(feed.connected).toBe(true);
  });

  it('invalid messages and older positions have no effect', async () => {
    await takeLease(await server.start());
    const listener = server.nextListener();
    follow();
    const waiting = feed.waitFor(ordersProjection, 250n, LONG);
    (await listener).write(': a comment\n\nevent: hello\ndata: not json\n\n');
    tell(await listener, { model: 'orders', position: -1 });
    tell(await listener, { model: 'orders', position: '200' });
    tell(await listener, { model: 'orders', position: '100' });
    tell(await listener, { model: 'orders', position: '300' });

    expect(await waiting).toBe(true);
    expect(feed.position('orders')).toBe(300n);
  });

  it('reconnects after the connection broke', async () => {
    await takeLease(await server.start());
    const first = server.nextListener();
    follow();
    const second = first.then((listener) => {
      const next = server.nextListener();
      listener.destroy();
      return next;
    });
    const waiting = feed.waitFor(ordersProjection, 200n, LONG);
    tell(await second, { model: 'orders', position: '200' });

    expect(await waiting).toBe(true);
  });

  it('keeps a known position when the next projector begins with a lower one', async () => {
    await takeLease(await server.start());
    const first = server.nextListener();
    follow();
    const reached = feed.waitFor(ordersProjection, 300n, LONG);
    tell(await first, { model: 'orders', position: '300' });
    await reached;
    const next = server.nextListener();
    (await first).destroy();
    const behind = feed.waitFor(itemsProjection, 100n, LONG);
    tell(await next, { model: 'orders', position: '200' });
    tell(await next, { model: 'items', position: '100' });
    await behind;

    expect(feed.position('orders')).toBe(300n);
    expect(await feed.waitFor(ordersProjection, 300n, 0)).toBe(true);
  });

  it('connects to the projector that has taken over the lease', async () => {
    await takeLease(await server.start());
    const first = server.nextListener();
    follow({ checkLease: 5 });
    await first;
    const other = new FeedServer();
    const second = other.nextListener();
    await store.releaseLease(LEASE, 'one');
    await takeLease(await other.start(), 'two');
    const waiting = feed.waitFor(ordersProjection, 200n, LONG);
    tell(await second, { model: 'orders', position: '200' });

    expect(await waiting).toBe(true);
    await other.stop();
  });

  it('reads the checkpoint from time to time while the feed is silent', async () => {
    await takeLease(await server.start());
    const listener = server.nextListener();
    follow({ pollWithFeed: 5 });
    await listener;
    await expect.poll(() => feed.connected).toBe(true);
    const waiting = feed.waitFor(ordersProjection, 200n, LONG);
    await checkpoint(200n);

    expect(await waiting).toBe(true);
  });
});

describe('a feed that has gone silent', () => {
  it('is disconnected, then connected again', async () => {
    await takeLease(await server.start());
    const first = server.nextListener();
    follow({ silence: 30 });
    await first;
    const waiting = feed.waitFor(ordersProjection, 200n, LONG);
    // On a slow machine the next may be silent for too long as well, before it is told.
    void (async () => {
      for (;;) tell(await server.nextListener(), { model: 'orders', position: '200' });
    })();

    expect(await waiting).toBe(true);
  });
});

describe('without the feed', () => {
  it('a waiting request ends when the checkpoint has its position', async () => {
    follow({ pollWithoutFeed: 5 });
    const waiting = feed.waitFor(ordersProjection, 200n, LONG);
    await checkpoint(200n);

    expect(await waiting).toBe(true);
    expect(feed.connected).toBe(false);
  });

  it('the checkpoint is read before a wait fails, also a wait of 0 ms', async () => {
    await checkpoint(200n);
    follow();

    expect(await feed.waitFor(ordersProjection, 200n, 0)).toBe(true);
    expect(await feed.waitFor(ordersProjection, 201n, 0)).toBe(false);
    expect(await feed.waitFor(ordersProjection, 201n, 5)).toBe(false);
  });

  it('an address that is not a feed is retried', async () => {
    const page = createServer((_, res) => res.end('<html>'));
    page.listen(0, '127.0.0.1');
    await once(page, 'listening');
    await takeLease(`http://127.0.0.1:${(page.address() as AddressInfo).port}/`);
    follow({ pollWithoutFeed: 5 });
    await once(page, 'request');
    await once(page, 'request');
    await checkpoint(200n);

    expect(await feed.waitFor(ordersProjection, 200n, LONG)).toBe(true);
    page.close();
  });

  it('a wait ends when its client disconnects', async () => {
    follow();
    const gone = new AbortController();
    const waiting = feed.waitFor(ordersProjection, 200n, LONG, gone.signal);
    gone.abort();

    expect(await waiting).toBe(false);
  });
});
