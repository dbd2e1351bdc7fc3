import { expect, test } from 'vitest';
import { isCurrency } from './currencies.ts';

test.each(['GBP', 'EUR', 'USD', 'JPY', 'KWD', 'CHF', 'ZWG', 'XCG', 'XOF'])('%s is a currency', (code) => {
  expect(isCurrency(code)).toBe(true);
});

test.each(['ZZZ', 'gbp', 'GBp', 'DEM', 'BTC', 'GB', 'GBPX', '', '___', 'constructor'])(
  '%s is none',
  (code) => {
    expect(isCurrency(code)).toBe(false);
  },
);

test.each(['XXX', 'XTS', 'XAU', 'XDR'])('%s has no minor units that an amount could count', (code) => {
  expect(isCurrency(code)).toBe(false);
});
