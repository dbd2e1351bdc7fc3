import { stat } from 'node:fs/promises';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { settlesWithin, withTimeout } from './timeout.ts';

const never = new Promise<string>(() => {});
const timeoutError = () => new RangeError('timed out');

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  if (vi.isFakeTimers()) expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

it('withTimeout resolves or rejects like work that settles in time', async () => {
  expect(await withTimeout(Promise.resolve('done'), 100, timeoutError)).toBe('done');
  await expect(withTimeout(Promise.reject(new TypeError('broken')), 100, timeoutError)).rejects.toThrow(
    'broken',
  );
});

it('withTimeout rejects with the given error when the time is up', async () => {
  const result = withTimeout(never, 100, timeoutError);
  result.catch(() => {});
  await vi.advanceTimersByTimeAsync(101);
  await expect(result).rejects.toThrow('timed out');
});

it('withTimeout takes a result that arrived in time while the process stalled', async () => {
  vi.useRealTimers();
  const result = withTimeout(stat('.'), 20, timeoutError);
  const stalledUntil = performance.now() + 100;
  while (performance.now() < stalledUntil);
  expect((await result).isDirectory()).toBe(true);
});

it('settlesWithin is true for work that resolves or rejects in time', async () => {
  expect(await settlesWithin(Promise.resolve(), 100)).toBe(true);
  expect(await settlesWithin(Promise.reject(new TypeError('broken')), 100)).toBe(true);
});

it('settlesWithin is false when the time is up', async () => {
  const settles = settlesWithin(never, 100);
  await vi.advanceTimersByTimeAsync(101);
  expect(await settles).toBe(false);
});
