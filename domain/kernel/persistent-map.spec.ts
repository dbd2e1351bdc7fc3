import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deepFreeze } from '../testing/given-when-then.ts';
import {
  emptyMap,
  entries,
  fromEntries,
  get,
  type PersistentMap,
  remove,
  set,
  sizeOf,
} from './persistent-map.ts';

const sorted = (map: PersistentMap<number>) => [...entries(map)].sort(([a], [b]) => (a < b ? -1 : 1));

/** Few keys, so that they are set again and removed; 'costarring' and 'liquid' have the same FNV-1a hash. */
const key = fc.oneof(
  fc.constantFrom('costarring', 'liquid', 'declinate', 'macallums'),
  fc.nat(200).map((n) => `o-${n}`),
);
const change = fc.record({ key, value: fc.option(fc.nat()) });

describe('a persistent map', () => {
  it('has the same entries as a Map after any changes', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 600 }), (changes) => {
        const model = new Map<string, number>();
        let map: PersistentMap<number> = emptyMap;
        for (const { key, value } of changes) {
          if (value === null) model.delete(key);
          else model.set(key, value);
          map = deepFreeze(value === null ? remove(map, key) : set(map, key, value));
          expect(get(map, key)).toBe(model.get(key));
          expect(sizeOf(map)).toBe(model.size);
        }
        expect(sorted(map)).toEqual([...model].sort(([a], [b]) => (a < b ? -1 : 1)));
        for (const [key, value] of model) expect(get(map, key)).toBe(value);
      }),
    );
  });

  it('has the same entries whether they are added at once or one by one', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(key, fc.nat()), { maxLength: 600 }), fc.array(change), (all, changes) => {
        let map = deepFreeze(fromEntries(all));
        const model = new Map(all);
        expect(sorted(map)).toEqual([...model].sort(([a], [b]) => (a < b ? -1 : 1)));
        expect(sizeOf(map)).toBe(model.size);
        for (const { key, value } of changes) {
          map = value === null ? remove(map, key) : set(map, key, value);
          expect(get(map, key)).toBe(value ?? undefined);
        }
      }),
    );
  });

  it('does not change when a changed map is made from it', () => {
    const before = set(set(emptyMap, 'o-1', 6), 'o-2', 2);
    const after = remove(set(before, 'o-1', 7), 'o-2');
    expect(sorted(before)).toEqual([
      ['o-1', 6],
      ['o-2', 2],
    ]);
    expect(sorted(after)).toEqual([['o-1', 7]]);
  });

  it('is returned itself when nothing is removed', () => {
    const map = set(emptyMap, 'o-1', 6);
    expect(remove(map, 'o-2')).toBe(map);
  });

  it('keeps keys with the same hash apart', () => {
    const names = Array.from({ length: 20 }, (_, n) => `o-${n}`);
    const pair: PersistentMap<number> = set(set(emptyMap, 'costarring', 1), 'liquid', 2);
    const map = names.reduce((map, name, n) => set(map, name, n), pair);
    expect(get(map, 'costarring')).toBe(1);
    expect(get(map, 'liquid')).toBe(2);
    expect(get(remove(map, 'liquid'), 'costarring')).toBe(1);
  });

  it('is the same after JSON', () => {
    const names = Array.from({ length: 1_000 }, (_, n) => `o-${n}`);
    const map = names.reduce<PersistentMap<number>>((map, name, n) => set(map, name, n), emptyMap);
    const read: PersistentMap<number> = JSON.parse(JSON.stringify(map));
    expect(read).toEqual(map);
    expect(get(read, 'o-999')).toBe(999);
  });

  it('is empty when all entries are removed', () => {
    const names = Array.from({ length: 1_000 }, (_, n) => `o-${n}`);
    const full = names.reduce<PersistentMap<number>>((map, name, n) => set(map, name, n), emptyMap);
    expect(names.reduce<PersistentMap<number>>((map, name) => remove(map, name), full)).toEqual(emptyMap);
  });
});
