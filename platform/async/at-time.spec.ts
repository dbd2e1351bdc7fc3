import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { atTime } from './at-time.ts';

const noon = Date.parse('2026-01-05T12:00:00.000Z');
const day = 24 * 3600 * 1000;
beforeEach(() => void vi.useFakeTimers({ now: noon }));
afterEach(() => void vi.useRealTimers());

it('acts when the time has come, once', () => {
  const act = vi.fn();
  atTime(noon + 3_000, act);
  vi.advanceTimersByTime(2_999);
  expect(act).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(act).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(day);
  expect(act).toHaveBeenCalledTimes(1);
});

it('acts at once when the time has passed', () => {
  const act = vi.fn();
  atTime(noon - 1, act);
  expect(act).toHaveBeenCalledTimes(1);
});

it.each([60 * day, 400 * 365 * day, Number.MAX_VALUE, Number.POSITIVE_INFINITY])(
  'waits for a time that is further away than a timer can run: %d ms',
  (ms) => {
    const act = vi.fn();
    const callOff = atTime(noon + ms, act);
    vi.advanceTimersByTime(day);
    expect(act).not.toHaveBeenCalled();
    callOff();
    expect(vi.getTimerCount()).toBe(0);
  },
);

it('notices a clock that is set ahead or back', () => {
  const [ahead, back] = [vi.fn(), vi.fn()];
  atTime(noon + day, ahead);
  vi.setSystemTime(noon + 2 * day);
  vi.advanceTimersByTime(30_000);
  expect(ahead).toHaveBeenCalledTimes(1);
  atTime(noon + 3 * day, back);
  vi.setSystemTime(noon + day);
  vi.advanceTimersByTime(day);
  expect(back).not.toHaveBeenCalled();
});
