import { RegexInvalid, RegexTooExpensive } from './errors.ts';
import { linearMatcher } from './linear.ts';
import { withoutLookahead } from './lookahead.ts';
import { backtrackingMatcher } from './machine.ts';
import type { Matcher } from './matcher.ts';
import { parseRegex } from './parse.ts';
import { compileProgram } from './program.ts';
import { sizeOf } from './size.ts';

const MAX_LENGTH = 1_000;
/** Compiling a longer expression would block the node for too long. */
const MAX_SIZE = 10_000;

/**
 * Compiles a regular expression: for RE2 if possible, with lookahead rewritten; otherwise for a backtracking engine that
 * counts its steps.
 * @throws {RegexInvalid} @throws {RegexTooExpensive}
 */
export function compileRegex(source: string): Matcher {
  if (source.length > MAX_LENGTH) {
    throw new RegexTooExpensive(source, `it has ${source.length} characters; the maximum is ${MAX_LENGTH}`);
  }
  const size = sizeOf(source);
  if (size > MAX_SIZE) {
    throw new RegexTooExpensive(
      source,
      `with repetitions expanded it has ${size} parts; the maximum is ${MAX_SIZE}`,
    );
  }
  const linear = tryLinear(source);
  if (!(linear instanceof Error)) return linear;
  // Without such syntax, RE2's error describes the mistake.
  if (!BEYOND_RE2.test(source)) throw new RegexInvalid(source, reasonOf(linear));
  const parsed = parseRegex(source);
  return withoutLookahead(parsed, source) ?? backtrackingMatcher(compileProgram(parsed, source), source);
}

/** Syntax that RE2 does not support: lookaround, back references, and escapes of JavaScript. */
const BEYOND_RE2 = /\(\?<?[=!]|\\[1-9k]|\\[uc]/;

function tryLinear(source: string): Matcher | Error {
  try {
    return linearMatcher(source);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

const reasonOf = ({ message }: Error): string => message.replace(/^error parsing regexp: /, '');
