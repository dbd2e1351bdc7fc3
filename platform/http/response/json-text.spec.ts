import fc from 'fast-check';
import { expect, it } from 'vitest';
import { exactJson } from './json-text.ts';

it('JSON text of a bigint has all its digits, at any size and sign', () => {
  const sums = { spent: [{ amount: 27021597764222973n, currency: 'GBP' }, { amount: -9007199254740993n }] };
  expect(exactJson(sums)).toBe(
    '{"spent":[{"amount":27021597764222973,"currency":"GBP"},{"amount":-9007199254740993}]}',
  );
});

it('JSON text of any other value is that of JSON.stringify', () => {
  expect(exactJson({ a: undefined, b: [undefined, null], c: 'ü"\n' })).toBe(
    '{"b":[null,null],"c":"ü\\"\\n"}',
  );
  fc.assert(fc.property(fc.jsonValue(), (value) => exactJson(value) === JSON.stringify(value)));
});
