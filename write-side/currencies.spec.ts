import { expect, test } from 'vitest';
import { isCurrency } from './currencies.ts';

test.each(['GBP', 'EUR', 'USD', 'JPY', 'KWD', 'CHF', 'ZWG', 'XCG', 'XOF'])('%s is a currency', (code) => {
  expect(isCurrency(code)).toBe(true);
});

test.each(['ZZZ', 'gbp', 'GBp', 'DEM', 'BTC', 'GB', 'GBPX', '', '___', 'constructor'])(
  '%s is not a currency',
  (code) => {
    expect(isCurrency(code)).toBe(false);
  },
);

test.each(['XXX', 'XTS', 'XAU', 'XDR'])('%s is not accepted, since it has no minor units', (code) => {
  expect(isCurrency(code)).toBe(false);
});
