import { describe, expect, it } from 'vitest';
import { Unavailable } from '../response/errors.ts';
import { createKey } from '../testing/sessions.ts';
import { cacheSessionKeys } from './session-keys.ts';

describe('the cache of public keys', () => {
  it('loads a key when it is first needed, and returns it at once from then on', async () => {
    const [one, two] = [createKey('k-1'), createKey('k-2')];
    let loads = 0;
    const keys = cacheSessionKeys(async () => {
      loads += 1;
      return loads === 1 ? [one] : [one, two];
    }, 1);
    expect(await keys.find('k-1')).toBe(one.publicKey);
    expect(keys.find('k-1')).toBe(one.publicKey);
    expect(await keys.find('k-2')).toBe(two.publicKey);
    expect(loads).toBe(2);
  });

  it('loads once for many requests with unknown keys, and not again within the period', async () => {
    let loads = 0;
    const load = async () => {
      loads += 1;
      return [];
    };
    const keys = cacheSessionKeys(load, 1_000);
    const found = await Promise.all(Array.from({ length: 100 }, (_, number) => keys.find(`k-${number}`)));
    expect(found).toEqual(Array(100).fill(undefined));
    expect(loads).toBe(1);
    void keys.find('k-1');
    expect(loads).toBe(1);
  });

  it('is unavailable when the keys cannot be loaded, and tries again', async () => {
    const key = createKey('k-1');
    let fails = true;
    const keys = cacheSessionKeys(async () => {
      if (fails) throw new Error('no connection');
      return [key];
    }, 1);
    await expect(keys.find('k-1')).rejects.toThrow(Unavailable);
    fails = false;
    expect(await keys.find('k-1')).toBe(key.publicKey);
  });
});
