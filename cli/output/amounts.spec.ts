import fc from 'fast-check';
import { expect, it } from 'vitest';
import { describeAmount, parsePrice } from './amounts.ts';

it.each([
  [255, 'GBP', '2.55 GBP'],
  [5, 'GBP', '0.05 GBP'],
  [-5, 'GBP', '-0.05 GBP'],
  [0, 'GBP', '0.00 GBP'],
  [255, 'JPY', '255 JPY'],
  [1_234, 'KWD', '1.234 KWD'],
  [27_021_597_764_222_973n, 'GBP', '270215977642229.73 GBP'],
])('%s minor units of %s are %s', (amount, currency, text) => {
  expect(describeAmount({ amount, currency })).toBe(text);
});

it('every price is read back as it was printed', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
      fc.constantFrom('GBP', 'JPY', 'KWD', 'EUR'),
      (amount, currency) => {
        const [text = ''] = describeAmount({ amount, currency }).split(' ');
        expect(parsePrice(text, currency)).toEqual({ amount, currency });
      },
    ),
  );
});

it.each(['', '1e3', '-1', '1,5', '2.555', '0', '0.00', 'NaN', '90071992547409.92', ' 1', '1.'])(
  'the price %j of GBP is rejected',
  (text) => {
    expect(() => parsePrice(text, 'GBP')).toThrow(/the price is/);
  },
);

it('a price of whole units needs no places', () => {
  expect([parsePrice('3', 'GBP').amount, parsePrice('2.5', 'GBP').amount]).toEqual([300, 250]);
});
