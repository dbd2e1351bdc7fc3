import { LRUCache } from 'lru-cache';
import { expect, it } from 'vitest';
import { atMost } from './at-most.ts';

it('a cache of at most two entries forgets the one that was used longest ago', () => {
  const cache = new LRUCache<string, bigint>(atMost(2));
  cache.set('a', 1n).set('b', 2n);
  cache.get('a');
  cache.set('c', 3n);
  expect([...cache.keys()]).toEqual(['c', 'a']);
});
