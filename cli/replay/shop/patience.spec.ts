import { describe, expect, it } from 'vitest';
import { createPatience, Failing, ShopAway } from './patience.ts';

describe('waiting for a shop', () => {
  it('repeats what fails in passing, and returns what comes at last', async () => {
    let tries = 0;
    const { until } = createPatience({ say: () => {} });
    const result = await until(async () => (++tries < 4 ? new Failing('503') : 'there'));
    expect({ result, tries }).toEqual({ result: 'there', tries: 4 });
  });

  it('says what it waits for, and gives up in the end', async () => {
    const said: string[] = [];
    const { until } = createPatience({ say: (text) => said.push(text), maxWaitMs: 200, sayEveryMs: 0 });
    const waiting = until(async () => new Failing('the query API answers 503'));
    await expect(waiting).rejects.toThrow(ShopAway);
    await expect(waiting).rejects.toThrow('gave up after 0 s: the query API answers 503');
    expect(said[0]).toBe('waiting: the query API answers 503 (for 0 s now)');
  });

  it('says one thing for all that wait at once', async () => {
    const said: string[] = [];
    const { remark } = createPatience({ say: (text) => said.push(text), sayEveryMs: 60_000 });
    for (let n = 0; n < 10; n++) remark(`waiting ${n}`);
    expect(said).toEqual(['waiting 0']);
  });

  it('throws what is no failure in passing', async () => {
    const { until } = createPatience({ say: () => {} });
    await expect(until(() => Promise.reject(new Error('401')))).rejects.toThrow('401');
  });
});
