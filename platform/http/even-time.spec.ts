import { expect, test } from 'vitest';
import { evenTime } from './even-time.ts';

/** When it has passed, by a clock that begins at 1,000 and stands still but while somebody waits. */
async function endOf(tookMs: number, early = 0): Promise<number> {
  let time = 1_000 + tookMs;
  await evenTime(1_000, {
    now: () => time,
    wait: async (ms) => {
      time += Math.max(1, ms - early);
    },
  });
  return time - 1_000;
}

test('what took little ends at the same time, however long it took', async () => {
  expect(await Promise.all([0, 1, 25, 49].map((ms) => endOf(ms)))).toEqual([50, 50, 50, 50]);
});

test('what took longer ends at the next step', async () => {
  expect(await Promise.all([51, 99, 120].map((ms) => endOf(ms)))).toEqual([100, 100, 150]);
});

test('a timer that is early is set again', async () => {
  expect(await endOf(10, 3)).toBe(50);
});
