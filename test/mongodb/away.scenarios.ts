import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FlakyProxy, startFlakyProxy } from '../../event-store/testing/flaky-proxy.ts';
import { isServing } from '../support/serving.ts';
import { shopOf } from '../support/shop.ts';
import { newPlace, orderstream, type System, startSystem } from '../support/system.ts';
import { until, untilStatus } from '../support/until.ts';

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
    expect(await isServing(`${system.queryUrl}/health/ready`)).toBe(false);
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

  it('at the start, one sentence names READ_STORE_URL, and never its password', async () => {
    goAway('closed');
    const { env } = await newPlace({
      READ_STORE_URL: `mongodb://ann:secret@${mongodb}/shop?serverSelectionTimeoutMS=500`,
    });
    const { code, stderr } = await orderstream(['start', 'read-api'], env);
    comeBack();
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^no MongoDB answers at READ_STORE_URL, which is mongodb:\/\/\[hidden\]@127\.0\.0\.1:\d+\/shop\?serverSelectionTimeoutMS=500: .*\n$/,
    );
  });
});
