import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { roundedTo } from './rounded-number.ts';

describe('a JSON number', () => {
  it.each([
    ['9007199254740991.2', 9007199254740991],
    ['9007199254740990.9', 9007199254740991],
    ['-9007199254740990.6', -9007199254740991],
    ['1.00000000000000001', 1],
    ['0.99999999999999999999', 1],
    ['100000000000000000001e-18', 100],
    ['1.00000000000000000001e2', 100],
    ['1e-400', 0],
    [`0.${'0'.repeat(400)}1`, 0],
  ])('%s is rounded to %d', (text, value) => {
    expect(JSON.parse(text)).toBe(value);
    expect(roundedTo(text)).toBe(value);
  });

  it.each([
    '0',
    '-0',
    '-0.0e-7',
    '0e999999999999999999',
    '1.0',
    '1e2',
    '1E+2',
    '100e-2',
    '1.00000000000000000000',
    '9007199254740991',
    '9007199254740991.000',
    '-9007199254740991',
    '90071992547409910e-1',
    '0.1',
    '0.30000000000000004',
    '9007199254740993',
    '1e400',
  ])('%s is not rounded to a safe integer', (text) => {
    expect(roundedTo(text)).toBeUndefined();
  });

  it('is rounded when a safe integer gets digits that are lost', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.nat(30), fc.integer({ min: 1, max: 9 }), (value, zeros, digit) => {
        const exact = `${value}.${'0'.repeat(zeros)}`;
        expect(roundedTo(`${exact}0`)).toBeUndefined();
        const rounded = Number(`${exact}${digit}`);
        expect(roundedTo(`${exact}${digit}`)).toBe(Number.isSafeInteger(rounded) ? rounded : undefined);
      }),
    );
  });

  it('of 1 MiB is checked in linear time', () => {
    const from = performance.now();
    expect(roundedTo(`1.${'0'.repeat(1_000_000)}1`)).toBe(1);
    expect(roundedTo(`1.${'0'.repeat(1_000_000)}`)).toBeUndefined();
    expect(performance.now() - from).toBeLessThan(3_000);
  });
});
