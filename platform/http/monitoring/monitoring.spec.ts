import type { RequestListener } from 'node:http';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Listening, listen } from '../server/listen.ts';
import { expectNoUnexpectedErrors } from '../testing/hostile-bytes.ts';
import { createMonitoringApp } from './monitoring.ts';

const logged: unknown[] = [];
let kettle = Promise.resolve('is unavailable');
let asks = 0;
let looks = 0;
const metrics = new Registry();
const app = createMonitoringApp({
  metrics,
  ready: async () => {
    looks += 1;
    return { ready: false, checks: { kettle: await kettle } };
  },
  logger: { error: (...what) => logged.push(what) },
});

let server: Listening;
beforeAll(async () => {
  const counted: RequestListener = (req, res) => {
    app(req, res);
    if (req.url === '/health/ready') asks += 1;
  };
  server = await listen(counted, { host: '127.0.0.1', port: 0 });
});
afterAll(() => server.close(0));

const ask = async (path: string, method = 'GET') => {
  const answer = await fetch(`${server.url}${path}`, { method });
  const { status, headers } = answer;
  return { status, type: headers.get('content-type'), nosniff: headers.get('x-content-type-options') };
};

it('a process without an API serves health and metrics', async () => {
  expect((await ask('/health/live')).status).toBe(200);
  expect((await ask('/health/ready')).status).toBe(503);
  expect(await ask('/metrics')).toMatchObject({ status: 200, nosniff: 'nosniff' });
});

it('the monitoring server rejects other paths and methods with a problem that reveals nothing about it', async () => {
  const type = 'application/problem+json';
  expect(await ask('/health/live', 'POST')).toMatchObject({ status: 405, type, nosniff: 'nosniff' });
  expect(await ask('/%zz')).toMatchObject({ status: 404, type });
  metrics.registerMetric({
    name: 'broken',
    get: () => Promise.reject(new TypeError('secret inner matter')),
  } as never);
  const answer = await fetch(`${server.url}/metrics`);
  expect(answer.status).toBe(500);
  expect(await answer.text()).not.toContain('secret inner matter');
  expect(logged).toHaveLength(1);
  metrics.removeSingleMetric('broken');
});

it('concurrent requests for readiness share one check', async () => {
  let boil = (_: string) => {};
  kettle = new Promise((resolve) => {
    boil = resolve;
  });
  asks = 0;
  looks = 0;
  const asked = Array.from({ length: 20 }, () => fetch(`${server.url}/health/ready`));
  await expect.poll(() => asks).toBe(20);
  boil('is back');
  const answers = await Promise.all(asked.map(async (answer) => (await answer).text()));

  expect(new Set(answers)).toEqual(new Set(['{"status":"not ready","checks":{"kettle":"is back"}}']));
  expect(looks).toBe(1);
});

it('the monitoring server responds to arbitrary bytes without an unexpected error', async () => {
  logged.length = 0;
  await expectNoUnexpectedErrors({ port: server.port, paths: ['/health/live', '/health/ready', '/metrics'] });
  expect(logged).toEqual([]);
});
