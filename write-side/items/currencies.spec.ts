import { expect, it } from 'vitest';
import { isCurrency } from './currencies.ts';

it.each(['GBP', 'EUR', 'USD', 'JPY', 'KWD', 'CHF', 'ZWG', 'XCG', 'XOF'])('%s is a currency', (code) => {
  expect(isCurrency(code)).toBe(true);
});

it.each(['ZZZ', 'gbp', 'GBp', 'DEM', 'BTC', 'GB', 'GBPX', '', '___', 'constructor'])(
  '%s is not a currency',
  (code) => {
    expect(isCurrency(code)).toBe(false);
  },
);

it.each(['XXX', 'XTS', 'XAU', 'XDR'])('%s is not accepted, since it has no minor units', (code) => {
  expect(isCurrency(code)).toBe(false);
});
