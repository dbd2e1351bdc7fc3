import { EventEmitter, once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { ShopUnavailable } from '../errors.ts';
import { createRetryPolicy, TemporaryFailure } from './retry-policy.ts';

describe('retrying while a shop is unavailable', () => {
  it('retries temporary failures and returns the first result', async () => {
    let tries = 0;
    const { retry } = createRetryPolicy({ print: () => {} });
    const result = await retry(async () => (++tries < 4 ? new TemporaryFailure('503') : 'there'));
    expect({ result, tries }).toEqual({ result: 'there', tries: 4 });
  });

  it('reports what it waits for, and gives up after the maximum wait', async () => {
    const printed: string[] = [];
    const { retry } = createRetryPolicy({
      print: (text) => printed.push(text),
      maxWaitMs: 200,
      printEveryMs: 0,
    });
    const waiting = retry(async () => new TemporaryFailure('the query API answers 503'));
    await expect(waiting).rejects.toThrow(ShopUnavailable);
    await expect(waiting).rejects.toThrow('gave up after 0 s: the query API answers 503');
    expect(printed[0]).toBe('waiting: the query API answers 503 (for 0 s now)');
  });

  it('prints at most one text per interval', async () => {
    const printed: string[] = [];
    const { printAtIntervals } = createRetryPolicy({
      print: (text) => printed.push(text),
      printEveryMs: 60_000,
    });
    for (let n = 0; n < 10; n++) printAtIntervals(`waiting ${n}`);
    expect(printed).toEqual(['waiting 0']);
  });

  it('repeats its report while one attempt takes long, besides other texts', async () => {
    const printed: string[] = [];
    const reports = new EventEmitter();
    const reportedThrice = once(reports, 'third');
    const { retry, printAtIntervals } = createRetryPolicy({
      print: (text) => {
        printed.push(text.replace(/\d+ s/, 'n s'));
        if (printed.length === 4) reports.emit('third');
      },
      printEveryMs: 20,
    });
    printAtIntervals('5 orders wait');
    let tries = 0;
    await retry(async () => {
      tries += 1;
      if (tries === 1) return new TemporaryFailure('503');
      await reportedThrice;
      return 'there';
    });
    expect(printed).toEqual(['5 orders wait', ...Array(3).fill('waiting: 503 (for n s now)')]);
  });

  it('throws errors that are not temporary failures', async () => {
    const { retry } = createRetryPolicy({ print: () => {} });
    await expect(retry(() => Promise.reject(new Error('401')))).rejects.toThrow('401');
  });
});
