import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { waitForStore } from './wait-for-store.ts';

describe('waiting for the first answer of a store', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const waitWith = (connect: () => Promise<string>, signal = new AbortController().signal) => {
    const logged: string[] = [];
    const log = (line: string) => logged.push(line);
    const logger = { info: log, warn: log } as never;
    const isTemporary = (error: unknown) => !(error instanceof RangeError);
    const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
    const answer = waitForStore({ what: 'the store', connect, isTemporary, logger, signal, wait });
    answer.catch(() => {});
    return { logged, answer };
  };

  it('logs nothing when the store answers', async () => {
    const { logged, answer } = waitWith(async () => 'here');
    expect(await answer).toBe('here');
    expect(logged).toEqual([]);
  });

  it('logs once a minute that it waits, and then that the store answers', async () => {
    let isAvailable = false;
    const { logged, answer } = waitWith(async () => {
      if (!isAvailable) throw new Error('it cannot be reached');
      return 'here';
    });
    await vi.advanceTimersByTimeAsync(119_000);
    expect(logged).toEqual([
      'waiting for the store: it cannot be reached',
      'waiting for the store: it cannot be reached',
    ]);
    isAvailable = true;
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await answer).toBe('here');
    expect(logged.slice(2)).toEqual(['the store answers']);
  });

  it('logs that it waits for a store that hangs', async () => {
    const { logged } = waitWith(() => new Promise(() => {}));
    await vi.advanceTimersByTimeAsync(2_000);
    expect(logged).toEqual(['waiting for the store: it does not answer']);
  });

  it('rejects with a permanent error, and when it is stopped', async () => {
    const { answer } = waitWith(() => Promise.reject(new RangeError('a permanent error')));
    await expect(answer).rejects.toThrow('a permanent error');
    const stopping = new AbortController();
    const stopped = waitWith(() => Promise.reject(new Error('it cannot be reached')), stopping.signal);
    await vi.advanceTimersByTimeAsync(1_000);
    stopping.abort();
    await vi.advanceTimersByTimeAsync(1_000);
    await expect(stopped.answer).rejects.toThrow('it cannot be reached');
    expect(stopped.logged).toHaveLength(1);
  });
});
