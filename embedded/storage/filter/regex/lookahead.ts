import { type AST, visitRegExpAST } from '@eslint-community/regexpp';
import { linearMatcher } from './linear.ts';
import type { Matcher } from './matcher.ts';
import type { Parsed } from './parse.ts';

/** The expression has a lookahead that cannot be rewritten for RE2. */
class NotLinear extends Error {
  override readonly name = 'NotLinear';
}

/**
 * Rewrites lookahead into expressions that RE2 runs: `^(?!A)B` is "`^B`, and not `^A`". Possible after a start (`^`) and a
 * fixed number of characters, as in `^order-(?!test)`; also in groups, and for several lookaheads.
 * @returns undefined when it is not possible, or when RE2 does not support another part
 */
export function withoutLookahead({ alternatives, flags }: Parsed, source: string): Matcher | undefined {
  if (flags.multiline) return undefined;
  const prefix = `${flags.ignoreCase ? '(?i)' : ''}${flags.dotAll ? '(?s)' : ''}`;
  try {
    return new LookaheadRewriter(prefix, source).anyOf(alternatives.map(({ elements }) => elements));
  } catch {
    return undefined;
  }
}

type Sequence = readonly AST.Element[];

class LookaheadRewriter {
  readonly #prefix: string;
  readonly #source: string;

  constructor(prefix: string, source: string) {
    this.#prefix = prefix;
    this.#source = source;
  }

  /** @throws {NotLinear} */
  anyOf(sequences: readonly Sequence[]): Matcher {
    const matchers = sequences.map((sequence) => this.#sequence(sequence));
    return { test: (text, work) => matchers.some((matcher) => matcher.test(text, work)) };
  }

  #sequence(sequence: Sequence): Matcher {
    if (!sequence.some(hasLookahead)) return this.#linear(sequence);
    const fixed: AST.Element[] = [];
    const lookaheads: { readonly after: Sequence; readonly assertion: AST.LookaheadAssertion }[] = [];
    for (const [at, element] of sequence.entries()) {
      if (isLookahead(element)) lookaheads.push({ after: [...fixed], assertion: element });
      else if (isStart(element) || isFixed(element)) fixed.push(element);
      else {
        const rest = sequence.slice(at);
        if (rest.some(hasLookahead)) return this.#spread(sequence.slice(0, at), rest);
        return this.#all([...fixed, ...rest], lookaheads);
      }
    }
    return this.#all(fixed, lookaheads);
  }

  /** Expands `^(A|B)C` to `^AC|^BC`, for groups that begin with a lookahead. */
  #spread(before: Sequence, [group, ...after]: Sequence): Matcher {
    if (group === undefined || !isPlainGroup(group) || after.some(hasLookahead)) throw new NotLinear();
    return this.anyOf(group.alternatives.map(({ elements }) => [...before, ...elements, ...after]));
  }

  #all(
    rest: Sequence,
    lookaheads: readonly { readonly after: Sequence; readonly assertion: AST.LookaheadAssertion }[],
  ): Matcher {
    // Without a start, the lookahead could hold at one place and the rest match at another.
    if (!rest.some(isStart) || rest.slice(1).some(isStart)) throw new NotLinear();
    const start = rest.filter(isStart);
    const whole = this.#linear([...start, ...rest.filter((element) => !isStart(element))]);
    const conditions = lookaheads.map(({ after, assertion }) => {
      const before = [...start, ...after.filter((element) => !isStart(element))];
      const matcher = this.anyOf(assertion.alternatives.map(({ elements }) => [...before, ...elements]));
      return { matcher, isExpected: !assertion.negate };
    });
    return {
      test: (text, work) =>
        conditions.every(({ matcher, isExpected }) => matcher.test(text, work) === isExpected) &&
        whole.test(text, work),
    };
  }

  #linear(sequence: Sequence): Matcher {
    return linearMatcher(this.#prefix + sequence.map(({ raw }) => raw).join(''), this.#source);
  }
}

const isLookahead = (element: AST.Element): element is AST.LookaheadAssertion =>
  element.type === 'Assertion' && element.kind === 'lookahead';

const isStart = (element: AST.Element): boolean => element.type === 'Assertion' && element.kind === 'start';

/** Returns whether an element has a fixed number of characters. */
const isFixed = (element: AST.Element): boolean =>
  element.type === 'Character' ||
  element.type === 'CharacterSet' ||
  element.type === 'CharacterClass' ||
  (element.type === 'Quantifier' && element.min === element.max && isFixed(element.element));

const isPlainGroup = (element: AST.Element): element is AST.Group | AST.CapturingGroup =>
  element.type === 'CapturingGroup' || (element.type === 'Group' && element.modifiers === null);

function hasLookahead(element: AST.Element): boolean {
  let found = false;
  visitRegExpAST(element, {
    onAssertionEnter: (assertion) => {
      found ||= assertion.kind === 'lookahead';
    },
  });
  return found;
}
