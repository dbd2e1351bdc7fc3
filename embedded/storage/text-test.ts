import { compileRegex } from './regex/compile.ts';
import type { Work } from './regex/matcher.ts';

/**
 * Decides about texts in their order: about all of them, or about as many as may be decided before others get their
 * turn, at least one. @throws {RegexTooExpensive}
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
    // In a page of the log most texts come again and again: each is decided once.
    const known = new Map<string, boolean>();
    const verdicts: boolean[] = [];
    const work: Work = { steps: 0 };
    for (const text of texts) {
      if (work.steps >= MAX_STEPS_PER_TURN) break;
      const verdict = known.get(text) ?? matcher.test(text, work);
      known.set(text, verdict);
      verdicts.push(verdict);
    }
    return verdicts;
  };
}
