import { describe, expect, it } from 'vitest';
import { RegexInvalid, RegexTooExpensive } from './regex/errors.ts';
import { matchesRegex } from './text-test.ts';

/** Default filter of the Python clients. */
const PYTHON_DEFAULT = '^(?!(\\$.+$|PersistentConfig\\d+$))';

describe('a filter by a regular expression', () => {
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
  ])('%s matches order-1: %s', (source, matches) => {
    expect(matchesRegex(source)(['order-1'])).toEqual([matches]);
  });

  it('with the default of the Python clients excludes system events and the configuration of groups', () => {
    const names = ['order-1', '$streams', '$', '$x\n', 'PersistentConfig1', 'PersistentConfig1x', ''];
    expect(matchesRegex(PYTHON_DEFAULT)(names)).toEqual([true, false, true, true, false, true, true]);
  });

  it('with the default of the Python clients tests 100,000 long names', () => {
    const names = Array.from({ length: 100_000 }, (_, i) => `${'PersistentConfig'.repeat(10)}${i}x`);
    const test = matchesRegex(PYTHON_DEFAULT);
    let decided = 0;
    while (decided < names.length) decided += test(names.slice(decided)).length;
    expect(decided).toBe(100_000);
  });

  it('with the default of the Python clients tests a name of 100,000 characters', () => {
    expect(matchesRegex(PYTHON_DEFAULT)([`$${'a'.repeat(100_000)}`])).toEqual([false]);
  });

  it('tests only some of many texts in one turn when the work limit is reached', () => {
    const test = matchesRegex('^(a+)+$');
    const names = Array.from({ length: 100 }, (_, i) => `${'a'.repeat(50_000)}${i}`);
    const first = test(names);
    expect(first.length).toBeGreaterThan(0);
    expect(first.length).toBeLessThan(100);
  });

  it.each(['(', '([', 'a**', '(?!(', '\\h', '\\h(?!a)', '(?>a)'])(
    'rejects the invalid expression %s and quotes it',
    (source) => {
      expect(() => matchesRegex(source)).toThrow(RegexInvalid);
      expect(() => matchesRegex(source)).toThrow(
        `The regular expression ${JSON.stringify(source)} is not valid: `,
      );
    },
  );

  it.each(['a'.repeat(1_001), '(a{100}){100}b{1000}', `(?!b)${'a{1000}'.repeat(20)}`])(
    'rejects the too large expression %s before it compiles it',
    (source) => {
      expect(() => matchesRegex(source)).toThrow(RegexTooExpensive);
    },
  );

  it('tests a long name against nested repetitions in linear time', () => {
    expect(matchesRegex('^(a+)+$')([`${'a'.repeat(50_000)}!`])).toEqual([false]);
  });

  it.each(['(a*)*\\1b', '([a-z]+[0-9]*){1000}$', '((?=a+b)a)*c'])(
    'rejects a long name for the expensive expression %s after the same number of steps each time',
    (source) => {
      const test = matchesRegex(source);
      const hostile = [`${'a'.repeat(50_000)}!`];
      for (let i = 0; i < 3; i++) expect(() => test(hostile)).toThrow(RegexTooExpensive);
      expect(() => test(hostile)).toThrow(/is too expensive: a text of 50001 characters needs .* steps\.$/);
      expect(test(['aa']).length).toBe(1);
    },
  );
});
