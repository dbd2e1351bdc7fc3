import { expect, it } from 'vitest';
import { isCurrency } from './currencies.ts';

it.each(['GBP', 'EUR', 'USD', 'JPY', 'KWD', 'CHF', 'ZWG', 'XCG', 'XOF'])('accepts %s', (code) => {
  expect(isCurrency(code)).toBe(true);
});

it.each(['ZZZ', 'gbp', 'GBp', 'DEM', 'BTC', 'GB', 'GBPX', '', '___', 'constructor'])(
  'rejects %s, which is no currency',
  (code) => {
    expect(isCurrency(code)).toBe(false);
  },
);

it.each(['XXX', 'XTS', 'XAU', 'XDR'])('rejects %s, which has no minor units', (code) => {
  expect(isCurrency(code)).toBe(false);
});
