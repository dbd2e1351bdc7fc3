import { type AST, RegExpParser, visitRegExpAST } from '@eslint-community/regexpp';
import { messageOf } from '../../../error-message.ts';
import { RegexInvalid } from './errors.ts';

export interface Flags {
  readonly ignoreCase: boolean;
  readonly multiline: boolean;
  readonly dotAll: boolean;
}

export interface Parsed {
  readonly alternatives: readonly AST.Alternative[];
  readonly flags: Flags;
}

const parser = new RegExpParser({ ecmaVersion: 2025 });
/** Flags at the beginning for the whole expression, as in Go, .NET and Python. */
const LEADING_FLAGS = /^(\^?)\(\?([ims]+)\)/;
/** Begin and end of the text in .NET, Python and Java; the pattern skips any other escape. */
const ANCHORS = /\\([AzZ])|\\.|\[(?:\\.|[^\]\\])*\]/gs;

/** Parses an expression with lookahead or back references, which RE2 does not support. @throws {RegexInvalid} */
export function parseRegex(source: string): Parsed {
  const [, start = '', names = ''] = LEADING_FLAGS.exec(source) ?? [];
  const body = start + source.replace(LEADING_FLAGS, '');
  const pattern = body.replace(ANCHORS, (all, anchor) =>
    anchor === undefined ? all : anchor === 'A' ? '^' : '$',
  );
  const flags = {
    ignoreCase: names.includes('i'),
    multiline: names.includes('m'),
    dotAll: names.includes('s'),
  };
  return { alternatives: parsePattern(source, pattern).alternatives, flags };
}

function parsePattern(source: string, pattern: string): AST.Pattern {
  try {
    return parser.parsePattern(pattern, 0, pattern.length, { unicode: true });
  } catch {
    // Many needless escapes are errors only with `u`.
  }
  let parsed: AST.Pattern;
  try {
    parsed = parser.parsePattern(pattern);
  } catch (error) {
    const reason = messageOf(error);
    throw new RegexInvalid(source, reason.replace(/^Invalid regular expression: .*: /s, ''));
  }
  visitRegExpAST(parsed, {
    onCharacterEnter: ({ raw, value }) => {
      // JavaScript would read an escape of other languages, such as `\h`, as the letter itself.
      if (UNKNOWN_ESCAPE.test(raw) && value === raw.charCodeAt(1)) {
        throw new RegexInvalid(source, `${raw} has no meaning`);
      }
    },
  });
  return parsed;
}

const UNKNOWN_ESCAPE = /^\\[a-z]$/i;
