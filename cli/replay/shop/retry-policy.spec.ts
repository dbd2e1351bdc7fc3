import { EventEmitter, once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { createPatience, ShopUnavailable, TemporaryFailure } from './retry-policy.ts';

describe('waiting for a shop', () => {
  it('retries temporary failures and returns the first result', async () => {
    let tries = 0;
    const { until } = createPatience({ say: () => {} });
    const result = await until(async () => (++tries < 4 ? new TemporaryFailure('503') : 'there'));
    expect({ result, tries }).toEqual({ result: 'there', tries: 4 });
  });

  it('reports what it waits for, and gives up after the maximum wait', async () => {
    const said: string[] = [];
    const { until } = createPatience({ say: (text) => said.push(text), maxWaitMs: 200, sayEveryMs: 0 });
    const waiting = until(async () => new TemporaryFailure('the query API answers 503'));
    await expect(waiting).rejects.toThrow(ShopUnavailable);
    await expect(waiting).rejects.toThrow('gave up after 0 s: the query API answers 503');
    expect(said[0]).toBe('waiting: the query API answers 503 (for 0 s now)');
  });

  it('reports once for all concurrent waits', async () => {
    const said: string[] = [];
    const { remark } = createPatience({ say: (text) => said.push(text), sayEveryMs: 60_000 });
    for (let n = 0; n < 10; n++) remark(`waiting ${n}`);
    expect(said).toEqual(['waiting 0']);
  });

  it('reports again and again while one attempt takes long, whatever else is remarked', async () => {
    const said: string[] = [];
    const reports = new EventEmitter();
    const reportedThrice = once(reports, 'third');
    const { until, remark } = createPatience({
      say: (text) => {
        said.push(text.replace(/\d+ s/, 'n s'));
        if (said.length === 4) reports.emit('third');
      },
      sayEveryMs: 20,
    });
    remark('5 orders wait');
    let tries = 0;
    await until(async () => {
      tries += 1;
      if (tries === 1) return new TemporaryFailure('503');
      await reportedThrice;
      return 'there';
    });
    expect(said).toEqual(['5 orders wait', ...Array(3).fill('waiting: 503 (for n s now)')]);
  });

  it('throws errors that are not temporary failures', async () => {
    const { until } = createPatience({ say: () => {} });
    await expect(until(() => Promise.reject(new Error('401')))).rejects.toThrow('401');
  });
});
