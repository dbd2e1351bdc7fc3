import { describe, expect, it } from 'vitest';
import { AmountTooLarge, CurrencyMismatch, money, sameMoney, sum, times } from './money.ts';

describe('money', () => {
  it('is multiplied and added up without loss', () => {
    expect(times(money(339, 'GBP'), 6)).toEqual({ amount: 2034, currency: 'GBP' });
    expect(sum([money(2034, 'GBP'), money(510, 'GBP')])).toEqual({ amount: 2544, currency: 'GBP' });
    expect(sum([money(9_007_199_254_740_990, 'GBP'), money(1, 'GBP')]).amount).toBe(9_007_199_254_740_991);
  });
  it('beyond 2^53-1 is refused rather than rounded', () => {
    expect(() => sum([money(9_007_199_254_740_991, 'GBP'), money(1, 'GBP')])).toThrow(AmountTooLarge);
    expect(() => times(money(4_503_599_627_370_496, 'GBP'), 2)).toThrow(AmountTooLarge);
  });
  it('of two currencies has no sum', () =>
    expect(() => sum([money(1, 'GBP'), money(1, 'EUR')])).toThrow(CurrencyMismatch));
  it('is a whole number that is not negative', () => {
    expect(() => money(0.5, 'GBP')).toThrow();
    expect(() => money(-1, 'GBP')).toThrow();
    expect(() => money(1, 'pounds')).toThrow();
  });
  it('is the same in amount and currency', () => {
    expect(sameMoney(money(1, 'GBP'), money(1, 'GBP'))).toBe(true);
    expect(sameMoney(money(1, 'GBP'), money(1, 'EUR'))).toBe(false);
    expect(sameMoney(money(1, 'GBP'), money(2, 'GBP'))).toBe(false);
  });
});
