import { describe, expect, it } from 'vitest';
import { matchesRegex, RegexTooSlow } from './text-test.ts';

describe('a regular expression of a filter', () => {
  it.each([
    ['^order-', true],
    ['-1$', true],
    ['^(?i)ORDER', true],
    ['^(?!\\$)', true],
    ['^(?!order)', false],
    ['(?<=order-)1', true],
    ['(r)d\\w\\1', true],
    ['^\\p{Lu}', false],
  ])('%s', (source, matches) => {
    expect(matchesRegex(source)(['order-1'])).toEqual([matches]);
  });

  it('that nothing can read is refused', () => {
    expect(() => matchesRegex('(')).toThrow(SyntaxError);
    expect(() => matchesRegex('a'.repeat(1001))).toThrow(SyntaxError);
  });

  it('with nested repetition is decided at once', () => {
    expect(matchesRegex('^(a+)+$')([`${'a'.repeat(50_000)}!`])).toEqual([false]);
  });

  it.each(['^(?=(a+)+$)', '(a*)*\\1b', '([a-z]+[0-9]*){1000}$'])(
    '%s is interrupted, and not tried again',
    (source) => {
      const test = matchesRegex(source);
      const hostile = [`${'a'.repeat(50_000)}!`];
      const startedAt = performance.now();
      for (let i = 0; i < 20; i++) expect(() => test(hostile)).toThrow(RegexTooSlow);
      expect(performance.now() - startedAt).toBeLessThan(1_000);
    },
  );
});
