import { describe, expect, it } from 'vitest';
import { AmountTooLarge, CurrencyMismatch, money, sameMoney, sum, times } from './money.ts';

describe('money', () => {
  it('is multiplied and added exactly', () => {
    expect(times(money(339, 'GBP'), 6)).toEqual({ amount: 2034, currency: 'GBP' });
    expect(sum([money(2034, 'GBP'), money(510, 'GBP')])).toEqual({ amount: 2544, currency: 'GBP' });
    expect(sum([money(9_007_199_254_740_990, 'GBP'), money(1, 'GBP')]).amount).toBe(9_007_199_254_740_991);
  });
  it('is rejected beyond 2^53-1 instead of rounded', () => {
    expect(() => sum([money(9_007_199_254_740_991, 'GBP'), money(1, 'GBP')])).toThrow(AmountTooLarge);
    expect(() => times(money(4_503_599_627_370_496, 'GBP'), 2)).toThrow(AmountTooLarge);
  });
  it('is not added when the currencies differ', () =>
    expect(() => sum([money(1, 'GBP'), money(1, 'EUR')])).toThrow(CurrencyMismatch));
  it('is a whole number of at least 0 with a currency of three letters', () => {
    expect(() => money(0.5, 'GBP')).toThrow();
    expect(() => money(-1, 'GBP')).toThrow();
    expect(() => money(1, 'pounds')).toThrow();
  });
  it('is equal when amount and currency are equal', () => {
    expect(sameMoney(money(1, 'GBP'), money(1, 'GBP'))).toBe(true);
    expect(sameMoney(money(1, 'GBP'), money(1, 'EUR'))).toBe(false);
    expect(sameMoney(money(1, 'GBP'), money(2, 'GBP'))).toBe(false);
  });
});
