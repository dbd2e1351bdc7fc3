import { RE2JS } from 're2js';
import { RegexTooExpensive } from './errors.ts';
import { MAX_STEPS_PER_TEXT, type Matcher } from './matcher.ts';

/**
 * Creates a matcher that runs in linear time (RE2), lookbehind included.
 * @param source the expression to compile
 * @param whole the whole expression, for error messages
 * @throws {Error} when RE2 cannot parse it
 */
export function linearMatcher(source: string, whole = source): Matcher {
  const compiled = RE2JS.compile(source, RE2JS.LOOKBEHINDS);
  const size = compiled.programSize();
  return {
    test(text, work) {
      const steps = size * (text.length + 1);
      if (steps > MAX_STEPS_PER_TEXT) {
        throw new RegexTooExpensive(whole, `a text of ${text.length} characters needs up to ${steps} steps`);
      }
      work.steps += steps;
      return compiled.test(text);
    },
  };
}
