import { createContext, Script } from 'node:vm';
import { RE2JS } from 're2js';

/** Decides about many texts at once: what guards an expression costs much for a call and little for a text. */
export type TextTest = (texts: readonly string[]) => readonly boolean[];

/** A regular expression took longer than a node that serves others can wait for. */
export class RegexTooSlow extends Error {
  override readonly name = 'RegexTooSlow';
  readonly regex: string;

  constructor(regex: string, options?: ErrorOptions) {
    super(`The regular expression ${regex} takes too long.`, options);
    this.regex = regex;
  }
}

/** A regular expression longer than this is refused: even compiling it would keep others waiting. */
const LONGEST = 1_000;
const MOST_MS = 50;
/** Beyond these even linear time is long. */
const SMALL_PROGRAM = 500;
const SHORT_TEXT = 2_000;

export const startsWithOneOf =
  (prefixes: readonly string[]): TextTest =>
  (texts) =>
    texts.map((text) => prefixes.some((prefix) => text.startsWith(prefix)));

/**
 * In linear time (RE2) where that is possible. What RE2 does not know (lookaround, backreferences) is left to
 * JavaScript's engine, interrupted when it takes too long.
 * @throws {SyntaxError} for an expression that neither can read, or that is too long
 */
export function matchesRegex(source: string): TextTest {
  if (source.length > LONGEST) throw new SyntaxError('The regular expression is too long.');
  const linear = linearRegex(source);
  if (linear === undefined) {
    const regex = new RegExp(source);
    return guarded(
      source,
      each((text) => regex.test(text)),
    );
  }
  const test = each((text) => linear.test(text));
  const guardedTest = guarded(source, test);
  const isSmall = linear.programSize() <= SMALL_PROGRAM;
  return (texts) =>
    isSmall && texts.every(({ length }) => length <= SHORT_TEXT) ? test(texts) : guardedTest(texts);
}

/** Undefined for an expression that RE2 cannot read. */
function linearRegex(source: string): RE2JS | undefined {
  try {
    return withinTime(() => RE2JS.compile(source));
  } catch {
    return undefined;
  }
}

function guarded(source: string, test: TextTest): TextTest {
  let tooSlow = false;
  return (texts) => {
    if (tooSlow) throw new RegexTooSlow(source);
    try {
      return withinTime(() => test(texts));
    } catch (error) {
      tooSlow = true;
      throw new RegexTooSlow(source, { cause: error });
    }
  };
}

/** In a page of the log most texts come again and again: asks once for each. */
function each(wanted: (text: string) => boolean): TextTest {
  return (texts) => {
    const verdicts = new Map<string, boolean>();
    return texts.map((text) => {
      const known = verdicts.get(text);
      if (known !== undefined) return known;
      const verdict = wanted(text);
      verdicts.set(text, verdict);
      return verdict;
    });
  };
}

const interruptible = new Script('work()');
let context: { work?: () => unknown } | undefined;

/** V8 looks between the steps of a match whether it shall stop; only a script that is run can be told to. */
function withinTime<Result>(work: () => Result): Result {
  context ??= createContext({});
  context.work = work;
  return interruptible.runInContext(context, { timeout: MOST_MS }) as Result;
}
