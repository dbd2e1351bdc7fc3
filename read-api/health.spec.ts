import { expect, test } from 'vitest';
import { ReadStoreAway } from '../read-store/errors.ts';
import { readinessOf } from './health.ts';

const there = { ping: async () => {} };
const feed = (connected: boolean, lagMs: (model: string) => number) => ({ connected, lagMs });

test('ready, and the projections well', async () => {
  expect(
    await readinessOf(
      there,
      feed(true, () => 0),
    ),
  ).toEqual({
    ready: true,
    checks: { 'read store': 'ok', projections: 'ok' },
  });
});

test.each([
  [false, 'away for 31 s: answers are as of then'],
  [true, 'sales, deadlines behind, for 31 s'],
])('ready without the projections too, which is told (connected: %s)', async (connected, told) => {
  const lagMs = (model: string) =>
    !connected || model === 'sales' || model === 'deadlines' ? 31_000 : 9_999;
  expect(await readinessOf(there, feed(connected, lagMs))).toEqual({
    ready: true,
    checks: { 'read store': 'ok', projections: told },
  });
});

test('not ready without the read store', async () => {
  const away = { ping: () => Promise.reject(new ReadStoreAway('no answer')) };
  expect(
    await readinessOf(
      away,
      feed(true, () => 0),
    ),
  ).toMatchObject({
    ready: false,
    checks: { 'read store': 'no answer' },
  });
});
