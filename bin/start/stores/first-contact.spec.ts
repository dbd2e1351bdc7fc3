import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { firstContact } from './first-contact.ts';

describe('the first contact with a store', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const contact = (ask: () => Promise<string>, signal = new AbortController().signal) => {
    const said: string[] = [];
    const log = (line: string) => said.push(line);
    const logger = { info: log, warn: log } as never;
    const isPassing = (error: unknown) => !(error instanceof RangeError);
    const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
    const answer = firstContact({ what: 'the store', ask, isPassing, logger, signal, wait });
    answer.catch(() => {});
    return { said, answer };
  };

  it('logs nothing when the store answers', async () => {
    const { said, answer } = contact(async () => 'here');
    expect(await answer).toBe('here');
    expect(said).toEqual([]);
  });

  it('logs once a minute that it waits, and then that the store answers', async () => {
    let isThere = false;
    const { said, answer } = contact(async () => {
      if (!isThere) throw new Error('it cannot be reached');
      return 'here';
    });
    await vi.advanceTimersByTimeAsync(119_000);
    expect(said).toEqual([
      'waiting for the store: it cannot be reached',
      'waiting for the store: it cannot be reached',
    ]);
    isThere = true;
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await answer).toBe('here');
    expect(said.slice(2)).toEqual(['the store answers']);
  });

  it('logs that it waits for a store that hangs', async () => {
    const { said } = contact(() => new Promise(() => {}));
    await vi.advanceTimersByTimeAsync(2_000);
    expect(said).toEqual(['waiting for the store: it does not answer']);
  });

  it('rejects with a permanent error, and when it is stopped', async () => {
    const { answer } = contact(() => Promise.reject(new RangeError('of another kind')));
    await expect(answer).rejects.toThrow('of another kind');
    const stopping = new AbortController();
    const stopped = contact(() => Promise.reject(new Error('it cannot be reached')), stopping.signal);
    await vi.advanceTimersByTimeAsync(1_000);
    stopping.abort();
    await vi.advanceTimersByTimeAsync(1_000);
    await expect(stopped.answer).rejects.toThrow('it cannot be reached');
    expect(stopped.said).toHaveLength(1);
  });
});
