import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silent } from '../../../event-store/logger.ts';
import { generationsKey } from '../../../read-store/generations.ts';
import type { ReadStore } from '../../../read-store/read-store.ts';
import { sqliteReadStore } from '../../../read-store/testing/adapters.ts';
import { WritingEnded } from '../lease/write-permission.ts';
import { tally } from '../testing/sample-projections.ts';
import { ModelGenerations } from './model-generations.ts';

const writing = { signal: new AbortController().signal, logger: silent, isHeld: () => true };

let place: ReturnType<typeof sqliteReadStore>;
let readStore: ReadStore;
beforeEach(async () => {
  place = sqliteReadStore();
  readStore = await place.open();
});
afterEach(() => place.dispose());

const claim = (store = readStore) => ModelGenerations.claim(store, 'tally', writing);
const stored = async () => (await readStore.metadata(generationsKey('tally')))?.body;

describe('the generations of a read model', () => {
  it('replace the live one atomically, and keep the old one until it is dropped', async () => {
    const generations = await claim();
    await generations.createFirst(tally());
    expect(await generations.createNext(tally({ version: 2 }), false)).toBe(2);
    expect(await readStore.liveGeneration('tally')).toBe(1);
    expect(await generations.switchOver(tally({ version: 2 }))).toBe(1);
    expect(await readStore.liveGeneration('tally')).toBe(2);
    expect(await stored()).toMatchObject({ newest: 2, live: { number: 2, version: 2 }, retired: [1] });
    await generations.forget(1);
    expect(await stored()).toMatchObject({ retired: [] });
  });

  it('never reuse a number', async () => {
    const generations = await claim();
    await generations.createFirst(tally());
    await generations.createNext(tally(), true);
    expect(await generations.abandonNext()).toBe(2);
    await generations.forget(2);
    expect(await (await claim()).createNext(tally(), false)).toBe(3);
  });

  it('cannot be changed by a suspended projector after another took over', async () => {
    const paused = await claim();
    await paused.createFirst(tally());
    await paused.createNext(tally(), false);
    const other = await claim(await place.open());
    const before = await stored();
    await expect(paused.switchOver(tally())).rejects.toThrow(WritingEnded);
    await expect(paused.createNext(tally(), false)).rejects.toThrow(WritingEnded);
    expect(await stored()).toEqual(before);
    await other.switchOver(tally());
    expect(await readStore.liveGeneration('tally')).toBe(2);
  });

  it('change once although the response of the store was lost', async () => {
    const { ReadStoreUnavailable } = await import('../../../read-store/errors.ts');
    let losses = 0;
    const lossy = new Proxy(readStore, {
      get: (target, name) => {
        const member = Reflect.get(target, name);
        if (name !== 'replaceMetadata') return member.bind(target);
        return async (...values: unknown[]) => {
          const answer = await member.apply(target, values);
          losses += 1;
          if (losses % 2 === 1) throw new ReadStoreUnavailable('no answer');
          return answer;
        };
      },
    });
    const generations = await claim(lossy);
    await generations.createFirst(tally());
    expect(await generations.createNext(tally(), false)).toBe(2);
    expect(await stored()).toMatchObject({ newest: 2, live: { number: 1 }, next: { number: 2 } });
  });
});
