import { expect, it } from 'vitest';
import { hideDuration } from './hide-duration.ts';

/** Returns the time at the end, by a clock that begins at 1,000 and advances only while hideDuration waits. */
async function endOf(tookMs: number, early = 0): Promise<number> {
  let time = 1_000 + tookMs;
  await hideDuration(1_000, {
    now: () => time,
    wait: async (ms) => {
      time += Math.max(1, ms - early);
    },
  });
  return time - 1_000;
}

it('responses with a hidden duration: requests shorter than a step end at the same time', async () => {
  expect(await Promise.all([0, 1, 25, 49].map((ms) => endOf(ms)))).toEqual([50, 50, 50, 50]);
});

it('responses with a hidden duration: longer requests end at the next step', async () => {
  expect(await Promise.all([51, 99, 120].map((ms) => endOf(ms)))).toEqual([100, 100, 150]);
});

it('responses with a hidden duration: a timer that fires early is started again', async () => {
  expect(await endOf(10, 3)).toBe(50);
});
