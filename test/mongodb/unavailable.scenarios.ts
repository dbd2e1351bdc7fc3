import { setTimeout as sleep } from 'node:timers/promises';
import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FlakyProxy, startFlakyProxy } from '../../event-store/testing/flaky-proxy.ts';
import { call } from '../support/http.ts';
import { launch } from '../support/processes/launch-orderstream.ts';
import { isServing } from '../support/processes/wait-until-serving.ts';
import { shopOf } from '../support/shop.ts';
import { newPlace, type System, startSystem } from '../support/system.ts';
import { until, untilStatus } from '../support/wait-until.ts';

const { TEST_MONGODB_URL = '' } = process.env;

describe('a MongoDB that goes away and comes back', () => {
  let proxy: FlakyProxy;
  let system: System;
  let shop: ReturnType<typeof shopOf>;
  let mongodb: string;

  beforeAll(async () => {
    proxy = await startFlakyProxy(() => Number(new URL(TEST_MONGODB_URL).port));
    mongodb = `127.0.0.1:${new URL(proxy.connectionString).port}`;
    const { env } = await newPlace();
    const url = new URL(String(env.READ_STORE_URL));
    system = await startSystem({ READ_STORE_URL: `mongodb://${mongodb}${url.pathname}`, LOG_LEVEL: 'error' });
    shop = shopOf(system);
    await shop.createItem('mug', 100);
    await untilStatus(system, await shop.placeOne('mug', 1), 'shipped');
  });
  afterAll(async () => {
    proxy.way = 'open';
    await system.stop();
    await proxy.stop();
  });

  const goAway = (way: 'closed' | 'deaf') => {
    proxy.way = way;
    if (way === 'closed') proxy.cut();
  };
  const comeBack = () => {
    // What is left of a connection on which something got lost is of no use.
    proxy.cut();
    proxy.way = 'open';
  };

  it.each([
    ['refuses connections', 'closed'],
    ['has gone silent', 'deaf'],
  ] as const)('while it %s, queries are 503 and commands are taken; later all goes on', async (_, way) => {
    goAway(way);
    const answer = await shop.get('/orders');
    expect(answer).toMatchObject({
      status: 503,
      body: {
        title: 'The read store is away',
        detail: 'the read store does not answer; trying again may help',
      },
    });
    expect(answer.headers.get('retry-after')).toBe('1');
    expect(await isServing(`${system.queryUrl}/health/live`)).toBe(true);
    await until(
      'health is to name the read store',
      () => call('GET', `${system.queryUrl}/health/ready`),
      ({ status, body }) => status === 503 && body.checks.readStore === 'the read store does not answer',
    );
    const placed = await shop.placeOne('mug', 2);

    comeBack();
    await until(
      'queries are to be answered',
      () => shop.get('/orders'),
      ({ status }) => status === 200,
    );
    await untilStatus(system, placed, 'shipped');
    expect((await shop.get('/projections')).body.items).toHaveLength(9);
  });

  it('is awaited at the start, with one log line that does not contain its password', async () => {
    goAway('closed');
    const place = await newPlace({
      READ_STORE_URL: `mongodb://ann:secret@${mongodb}/shop?serverSelectionTimeoutMS=500`,
    });
    const readApi = launch(['start', 'read-api'], place.env);
    await until(
      'it is to say that it waits',
      async () => readApi.output(),
      (output) => output.includes('waiting for the read store'),
    );
    await sleep(3_000);
    expect(readApi.hasEnded()).toBe(false);
    expect(readApi.output().match(/waiting for the read store/g)).toHaveLength(1);
    expect(readApi.output()).not.toContain('secret');
    comeBack();
    await readApi.killAll();
  });

  it('is rebuilt without a restart after its database was dropped', async () => {
    const orderId = await shop.placeOne('mug', 1);
    await untilStatus(system, orderId, 'shipped');
    const { pathname } = new URL(String(system.env.READ_STORE_URL));
    const client = new MongoClient(TEST_MONGODB_URL);
    await client.db(pathname.slice(1)).dropDatabase();
    await client.close();
    await until(
      'the order is to be gone',
      () => shop.get(`/orders/${orderId}`),
      ({ status }) => status === 404,
    );
    await untilStatus(system, orderId, 'shipped');
    await untilStatus(system, await shop.placeOne('mug', 1), 'shipped');
  });
});
