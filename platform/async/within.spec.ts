import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { endsWithin, within } from './within.ts';

const never = new Promise<string>(() => {});
const late = () => new RangeError('late');

describe('a promise with a limit', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => {
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  });

  it('that is kept in time is kept, and broken in time broken', async () => {
    expect(await within(Promise.resolve('kept'), 100, late)).toBe('kept');
    await expect(within(Promise.reject(new TypeError('broken')), 100, late)).rejects.toThrow('broken');
    expect(await endsWithin(Promise.resolve(), 100)).toBe(true);
    expect(await endsWithin(Promise.reject(new TypeError('broken')), 100)).toBe(true);
  });

  it('that is not is late', async () => {
    const [result, ended] = [within(never, 100, late), endsWithin(never, 100)];
    result.catch(() => {});
    await vi.advanceTimersByTimeAsync(100);
    await expect(result).rejects.toThrow('late');
    expect(await ended).toBe(false);
  });
});
