import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileRegex } from './compile.ts';
import { withoutLookahead } from './lookahead.ts';
import { backtrackingMatcher } from './machine.ts';
import { parseRegex } from './parse.ts';
import { compileProgram } from './program.ts';
import { sizeOf } from './size.ts';

const NAMES = [
  '',
  '$',
  '$streams',
  '$$order-1',
  'order',
  'order-1',
  'order-test',
  'Order-12',
  'test-order-1',
  'abab',
  'a-b',
  'PersistentConfig1',
  'PersistentConfig',
  'ünïcode-🎉',
  'two\nlines',
];

/** Returns the expected result, from JavaScript's own engine. */
const asJavaScript = (source: string, flags = '') => {
  const regex = new RegExp(source, flags);
  return (name: string) => regex.test(name);
};
const resultsOf = (source: string) => {
  const matcher = compileRegex(source);
  return NAMES.map((name) => matcher.test(name, { steps: 0 }));
};

describe('an expression with lookahead that is rewritten for RE2', () => {
  it.each([
    '^(?!\\$)',
    '^(?!(\\$.+$|PersistentConfig\\d+$))',
    '^(?!\\$)(?!order)',
    '(?!\\$)^',
    '^(?!\\$|order).*',
    '^(?:(?!\\$).*)$',
    '(^(?!\\$))',
    '^((?!order)|test)',
    '^(?=.*-).*1$',
    '^(?=o)(?!.*test).+$',
    '^order-(?!test)',
    '^[oO]rder-(?!test$)\\w+$',
    '^.{5}-(?!test)',
    '^(?!\\$)order|^(?!o)test',
    '^(?!(?!order))',
    '^(?!.*-(?!1))',
    '^(?!\\$)(?:order|test)-\\d',
    '^(?!.*1$)',
  ])('%s matches like in JavaScript', (source) => {
    const rewritten = withoutLookahead(parseRegex(source), source);
    if (source !== '^(?!.*-(?!1))') expect(rewritten).toBeDefined();
    expect(resultsOf(source)).toEqual(NAMES.map(asJavaScript(source)));
  });

  it('may begin with flags', () => {
    expect(resultsOf('(?i)^(?!ORDER)')).toEqual(NAMES.map(asJavaScript('^(?!ORDER)', 'i')));
    expect(resultsOf('^(?i)(?!ORDER)')).toEqual(NAMES.map(asJavaScript('^(?!ORDER)', 'i')));
  });
});

describe('an expression that RE2 does not support', () => {
  it.each([
    '(?!\\$)order',
    '^((?!order).)*$',
    '^((?!-).)*$',
    '(?<!\\$)order(?!-t)',
    '(?<=(?!t)\\w)-',
    '(.)\\1',
    '^(?<first>..)\\k<first>$',
    '^(a|b|-)*(?!.)',
    '\\b(?=o)\\w+\\b-',
    '^(?!(.*)-\\1)',
    '(?=\\u{1F389})',
    '^[^-]*(?=-)',
    '(a*)*(?!.)',
  ])('%s matches like in JavaScript', (source) => {
    expect(resultsOf(source)).toEqual(NAMES.map(asJavaScript(source, source.includes('\\u{') ? 'u' : '')));
  });

  it('does not match a back reference to a group without a capture, like in .NET', () => {
    const matcher = compileRegex('^(a)?b\\1$');
    expect(['b', 'aba'].map((name) => matcher.test(name, { steps: 0 }))).toEqual([false, true]);
  });

  it('matches like in JavaScript for random expressions', () => {
    const atom = fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '\\b', '^', '$');
    const { node } = fc.letrec<{ node: string }>((tie) => ({
      node: fc.oneof(
        { maxDepth: 4, withCrossShrink: true },
        atom,
        fc.tuple(tie('node'), tie('node')).map(([first, second]) => `${first}${second}`),
        fc.tuple(tie('node'), tie('node')).map(([first, second]) => `(?:${first}|${second})`),
        fc
          .tuple(tie('node'), fc.constantFrom('*', '+', '?', '{2}', '{0,2}', '*?'))
          .map(([inner, times]) => `(?:${inner})${times}`),
        fc
          .tuple(fc.constantFrom('(?=', '(?!', '(?<=', '(?<!'), tie('node'))
          .map(([opening, inner]) => `${opening}${inner})`),
      ),
    }));
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '-'), maxLength: 6 });
    fc.assert(
      fc.property(node, fc.array(text, { minLength: 1, maxLength: 5 }), (source, texts) => {
        const expected = texts.map(asJavaScript(source));
        const parsed = parseRegex(source);
        const machine = backtrackingMatcher(compileProgram(parsed, source), source);
        expect(texts.map((each) => machine.test(each, { steps: 0 }))).toEqual(expected);
        const rewritten = withoutLookahead(parsed, source);
        if (rewritten !== undefined) {
          expect(texts.map((each) => rewritten.test(each, { steps: 0 }))).toEqual(expected);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('sizeOf', () => {
  it.each([
    ['abc', 3],
    ['a{10}', 10],
    ['(a{10}){10}', 110],
    ['[a-z]{3,7}', 7],
    ['[]a]{2}', 2],
    ['\\x{1000}', 1],
    ['\\{5}', 3],
    ['(', 0],
  ])('of %s is %i instructions', (source, size) => {
    expect(sizeOf(source)).toBe(size);
  });
});
