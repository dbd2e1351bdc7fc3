import { compileRegex } from './regex/compile.ts';
import type { Work } from './regex/matcher.ts';

/**
 * Tests texts in order. Returns the results of all texts, or fewer (at least one) when the work limit of a turn is reached.
 * @throws {RegexTooExpensive}
 */
export type TextTest = (texts: readonly string[]) => readonly boolean[];

const MAX_STEPS_PER_TURN = 5_000_000;

export const startsWithOneOf =
  (prefixes: readonly string[]): TextTest =>
  (texts) =>
    texts.map((text) => prefixes.some((prefix) => text.startsWith(prefix)));

/** @throws {RegexInvalid} @throws {RegexTooExpensive} */
export function matchesRegex(source: string): TextTest {
  const matcher = compileRegex(source);
  return (texts) => {
    // Names and types repeat within a page of the log, so each is tested once.
    const known = new Map<string, boolean>();
    const results: boolean[] = [];
    const work: Work = { steps: 0 };
    for (const text of texts) {
      if (work.steps >= MAX_STEPS_PER_TURN) break;
      const result = known.get(text) ?? matcher.test(text, work);
      known.set(text, result);
      results.push(result);
    }
    return results;
  };
}
