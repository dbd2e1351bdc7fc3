import fc from 'fast-check';
import { expect, it } from 'vitest';
import { positionKey } from '../documents/position-key.ts';
import { expandKey, shortenKey, shortKey } from './short-key.ts';

it.each([
  [0n, 0n, '10~'],
  [10_423n, 10_423n, '381j~'],
  [10_423n, 10_400n, '381j:380w'],
  [2n ** 63n - 1n, 2n ** 63n - 1n, 'd1y2p0ij32e8e7~'],
])('the short key of position %i/%i is %s', (commit, prepare, short) => {
  expect(shortKey({ commit, prepare })).toBe(short);
});

const part = fc.oneof(fc.bigInt(0n, 100n), fc.bigInt(0n, 2n ** 63n - 1n));
/** A prepare position is never beyond its commit position. */
const key = fc
  .tuple(part, part)
  .map(([one, other]) =>
    positionKey(one > other ? { commit: one, prepare: other } : { commit: other, prepare: one }),
  );

it('short keys sort in log order, and convert back', () => {
  fc.assert(
    fc.property(key, key, (one, other) => {
      expect(shortenKey(one) < shortenKey(other)).toBe(one < other);
      expect(expandKey(shortenKey(one))).toBe(one);
    }),
  );
});
