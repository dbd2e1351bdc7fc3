import { expect, it } from 'vitest';
import { isCurrency } from './currencies.ts';

it.each(['GBP', 'EUR', 'USD', 'JPY', 'KWD', 'CHF', 'ZWG', 'XCG', 'XOF'])(
  'the currency %s is accepted',
  (code) => {
    expect(isCurrency(code)).toBe(true);
  },
);

it.each(['ZZZ', 'gbp', 'GBp', 'DEM', 'BTC', 'GB', 'GBPX', '', '___', 'constructor'])(
  'the code %s is rejected: it is no currency',
  (code) => {
    expect(isCurrency(code)).toBe(false);
  },
);

it.each(['XXX', 'XTS', 'XAU', 'XDR'])('the currency %s is rejected: it has no minor units', (code) => {
  expect(isCurrency(code)).toBe(false);
});
