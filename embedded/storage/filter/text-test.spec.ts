import { describe, expect, it } from 'vitest';
import { RegexInvalid, RegexTooExpensive } from './regex/errors.ts';
import { matchesRegex } from './text-test.ts';

/** Default filter of the Python clients. */
const PYTHON_DEFAULT = '^(?!(\\$.+$|PersistentConfig\\d+$))';

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
    ['\\Aorder-1\\z', true],
  ])('%s decides about order-1', (source, matches) => {
    expect(matchesRegex(source)(['order-1'])).toEqual([matches]);
  });

  it('of the Python clients leaves out system events and the configuration of groups', () => {
    const names = ['order-1', '$streams', '$', '$x\n', 'PersistentConfig1', 'PersistentConfig1x', ''];
    expect(matchesRegex(PYTHON_DEFAULT)(names)).toEqual([true, false, true, true, false, true, true]);
  });

  it('of the Python clients matches a hundred thousand long names', () => {
    const names = Array.from({ length: 100_000 }, (_, i) => `${'PersistentConfig'.repeat(10)}${i}x`);
    const test = matchesRegex(PYTHON_DEFAULT);
    let decided = 0;
    while (decided < names.length) decided += test(names.slice(decided)).length;
    expect(decided).toBe(100_000);
  });

  it('of the Python clients matches a name of 100,000 characters', () => {
    expect(matchesRegex(PYTHON_DEFAULT)([`$${'a'.repeat(100_000)}`])).toEqual([false]);
  });

  it('leaves the rest of many texts to the next turn', () => {
    const test = matchesRegex('^(a+)+$');
    const names = Array.from({ length: 100 }, (_, i) => `${'a'.repeat(50_000)}${i}`);
    const first = test(names);
    expect(first.length).toBeGreaterThan(0);
    expect(first.length).toBeLessThan(100);
  });

  it.each(['(', '([', 'a**', '(?!(', '\\h', '\\h(?!a)', '(?>a)'])(
    'that is not valid is rejected and quoted: %s',
    (source) => {
      expect(() => matchesRegex(source)).toThrow(RegexInvalid);
      expect(() => matchesRegex(source)).toThrow(
        `The regular expression ${JSON.stringify(source)} is not valid: `,
      );
    },
  );

  it.each(['a'.repeat(1_001), '(a{100}){100}b{1000}', `(?!b)${'a{1000}'.repeat(20)}`])(
    'that is too large is rejected before it is compiled: %s',
    (source) => {
      expect(() => matchesRegex(source)).toThrow(RegexTooExpensive);
    },
  );

  it('with nested repetition is decided at once', () => {
    expect(matchesRegex('^(a+)+$')([`${'a'.repeat(50_000)}!`])).toEqual([false]);
  });

  it.each(['(a*)*\\1b', '([a-z]+[0-9]*){1000}$', '((?=a+b)a)*c'])(
    '%s is too expensive for a long name, after the same number of steps each time',
    (source) => {
      const test = matchesRegex(source);
      const hostile = [`${'a'.repeat(50_000)}!`];
      for (let i = 0; i < 3; i++) expect(() => test(hostile)).toThrow(RegexTooExpensive);
      expect(() => test(hostile)).toThrow(/is too expensive: a text of 50001 characters takes .* steps\.$/);
      expect(test(['aa']).length).toBe(1);
    },
  );
});
