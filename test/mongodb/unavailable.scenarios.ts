import { setTimeout as sleep } from 'node:timers/promises';
import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FlakyProxy, startFlakyProxy } from '../../event-store/testing/flaky-proxy.ts';
import { readModels } from '../../projections/read-models.ts';
import { call } from '../support/http.ts';
import { launch } from '../support/processes/launch-orderstream.ts';
import { isServing } from '../support/processes/wait-until-serving.ts';
import { createShopClient } from '../support/shop.ts';
import { createTestEnvironment, type System, startSystem } from '../support/system.ts';
import { waitForStatus, waitUntil } from '../support/wait-until.ts';

const { TEST_MONGODB_URL = '' } = process.env;

describe('a system whose MongoDB becomes unavailable', () => {
  let proxy: FlakyProxy;
  let system: System;
  let shop: ReturnType<typeof createShopClient>;
  let mongodb: string;

  beforeAll(async () => {
    proxy = await startFlakyProxy(() => Number(new URL(TEST_MONGODB_URL).port));
    mongodb = `127.0.0.1:${new URL(proxy.connectionString).port}`;
    const { env } = await createTestEnvironment();
    const url = new URL(String(env.READ_STORE_URL));
    system = await startSystem({ READ_STORE_URL: `mongodb://${mongodb}${url.pathname}`, LOG_LEVEL: 'error' });
    shop = createShopClient(system);
    await shop.createItem('mug', 100);
    await waitForStatus(system, await shop.placeOne('mug', 1), 'shipped');
  });
  afterAll(async () => {
    proxy.way = 'open';
    await system.stop();
    await proxy.stop();
  });

  const makeUnavailable = (way: 'closed' | 'deaf') => {
    proxy.way = way;
    if (way === 'closed') proxy.cut();
  };
  const makeAvailable = () => {
    // Connections that lost data cannot be used again.
    proxy.cut();
    proxy.way = 'open';
  };

  it.each([
    ['refuses connections', 'closed'],
    ['does not answer', 'deaf'],
  ] as const)(
    'while it %s, answers queries with 503 and accepts commands; recovers afterwards',
    async (_, way) => {
      makeUnavailable(way);
      const answer = await shop.get('/orders');
      expect(answer).toMatchObject({
        status: 503,
        body: {
          title: 'The read store is unavailable',
          detail: 'the read store does not respond; retry after the time in Retry-After',
        },
      });
      expect(answer.headers.get('retry-after')).toBe('1');
      expect(await isServing(`${system.queryUrl}/health/live`)).toBe(true);
      await waitUntil(
        'health names the read store',
        () => call('GET', `${system.queryUrl}/health/ready`),
        ({ status, body }) => status === 503 && body.checks.readStore === 'the read store does not answer',
      );
      const placed = await shop.placeOne('mug', 2);

      makeAvailable();
      await waitUntil(
        'queries are answered',
        () => shop.get('/orders'),
        ({ status }) => status === 200,
      );
      await waitForStatus(system, placed, 'shipped');
      expect((await shop.get('/projections')).body.items).toHaveLength(readModels.length);
    },
  );

  it('waits for it at the start, with one log line that does not contain its password', async () => {
    makeUnavailable('closed');
    const environment = await createTestEnvironment({
      READ_STORE_URL: `mongodb://ann:secret@${mongodb}/shop?serverSelectionTimeoutMS=500`,
    });
    const readApi = launch(['start', 'read-api'], environment.env);
    await waitUntil(
      'the wait is logged',
      async () => readApi.output(),
      (output) => output.includes('waiting for the read store'),
    );
    await sleep(3_000);
    expect(readApi.hasEnded()).toBe(false);
    expect(readApi.output().match(/waiting for the read store/g)).toHaveLength(1);
    expect(readApi.output()).not.toContain('secret');
    makeAvailable();
    await readApi.killAll();
  });

  it('rebuilds its read models without a restart after the database was dropped', async () => {
    const orderId = await shop.placeOne('mug', 1);
    await waitForStatus(system, orderId, 'shipped');
    const { pathname } = new URL(String(system.env.READ_STORE_URL));
    const client = new MongoClient(TEST_MONGODB_URL);
    await client.db(pathname.slice(1)).dropDatabase();
    await client.close();
    await waitUntil(
      'the order is no longer in the read model',
      () => shop.get(`/orders/${orderId}`),
      ({ status }) => status === 404,
    );
    await waitForStatus(system, orderId, 'shipped');
    await waitForStatus(system, await shop.placeOne('mug', 1), 'shipped');
  });
});
