import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { callAt } from './call-at.ts';

const noon = Date.parse('2026-01-05T12:00:00.000Z');
const day = 24 * 3600 * 1000;
beforeEach(() => void vi.useFakeTimers({ now: noon }));
afterEach(() => void vi.useRealTimers());

it('callAt calls its function once, when the time has come', () => {
  const call = vi.fn();
  callAt(noon + 3_000, call);
  vi.advanceTimersByTime(2_999);
  expect(call).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(call).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(day);
  expect(call).toHaveBeenCalledTimes(1);
});

it('callAt calls its function at once when the time has passed', () => {
  const call = vi.fn();
  callAt(noon - 1, call);
  expect(call).toHaveBeenCalledTimes(1);
});

it.each([60 * day, 400 * 365 * day, Number.MAX_VALUE, Number.POSITIVE_INFINITY])(
  'callAt waits for a time that is further away than a timer can run: %d ms',
  (ms) => {
    const call = vi.fn();
    const cancel = callAt(noon + ms, call);
    vi.advanceTimersByTime(day);
    expect(call).not.toHaveBeenCalled();
    cancel();
    expect(vi.getTimerCount()).toBe(0);
  },
);

it('callAt notices a clock that is set ahead or back', () => {
  const [ahead, back] = [vi.fn(), vi.fn()];
  callAt(noon + day, ahead);
  vi.setSystemTime(noon + 2 * day);
  vi.advanceTimersByTime(30_000);
  expect(ahead).toHaveBeenCalledTimes(1);
  callAt(noon + 3 * day, back);
  vi.setSystemTime(noon + day);
  vi.advanceTimersByTime(day);
  expect(back).not.toHaveBeenCalled();
});
