import { describe, expect, it } from 'vitest';
import { pence } from './pence.ts';

describe('a price in pence', () => {
  it.each([
    ['2.55', 255],
    ['19', 1900],
    ['-0.5', -50],
    ['2.500000', 250],
    ['0', 0],
    ['-0', 0],
    ['8.29', 829],
    ['999999999999.99', 99_999_999_999_999],
  ])('reads %s as %d', (price, expected) => {
    expect(pence(price)).toBe(expected);
  });

  it.each(['1.005', '0.001', '-1.001', '1e3', '', ' 2.55', '2,55', '.5', '0x10'])(
    'returns undefined for %j',
    (price) => {
      expect(pence(price)).toBeUndefined();
    },
  );
});
