import type { AST } from '@eslint-community/regexpp';
import { RegexTooExpensive } from './errors.ts';
import type { Instruction, Program } from './instruction.ts';
import type { Matcher } from './matcher.ts';

const MAX_STEPS = 500_000;
/** One step of this engine takes about as long as twenty steps of RE2. */
const STEPS_OF_RE2 = 20;

type Captures = ReadonlyMap<AST.CapturingGroup, readonly [from: number, to: number]>;
const NO_CAPTURES: Captures = new Map();
const WORD = /^\w$/;

/**
 * Matches syntax that RE2 does not support by backtracking, and never tries the same state twice. Without back references,
 * each lookaround takes at most instructions times characters. Throws when the steps are used up.
 */
export function backtrackingMatcher(program: Program, source: string): Matcher {
  return {
    test(text, work) {
      const run = new Run(program, [...text]);
      try {
        return run.search();
      } catch (error) {
        if (!(error instanceof OutOfSteps)) throw error;
        const reason = `a text of ${text.length} characters needs more than ${MAX_STEPS} steps`;
        throw new RegexTooExpensive(source, reason);
      } finally {
        work.steps += run.steps * STEPS_OF_RE2;
      }
    },
  };
}

class OutOfSteps extends Error {
  override readonly name = 'OutOfSteps';
}

interface State {
  readonly at: number;
  readonly position: number;
  readonly captures: Captures;
}

class Run {
  steps = 0;
  readonly #instructions: readonly Instruction[];
  readonly #hasReferences: boolean;
  readonly #chars: readonly string[];

  constructor({ instructions, hasReferences }: Program, chars: readonly string[]) {
    this.#instructions = instructions;
    this.#hasReferences = hasReferences;
    this.#chars = chars;
  }

  search(): boolean {
    const tried = new Set<number | string>();
    for (let position = 0; position <= this.#chars.length; position += 1) {
      if (this.#match({ at: 0, position, captures: NO_CAPTURES }, tried) !== undefined) return true;
    }
    return false;
  }

  /** Returns the captures of a match, which ends at `end` if given; undefined without a match. */
  #match(from: State, tried: Set<number | string>, end?: number): Captures | undefined {
    const states = [from];
    for (;;) {
      const state = states.pop();
      if (state === undefined) return undefined;
      const key = this.#keyOf(state);
      if (tried.has(key)) continue;
      tried.add(key);
      this.steps += 1;
      if (this.steps > MAX_STEPS) throw new OutOfSteps();
      const instruction = this.#instructions[state.at];
      if (instruction === undefined) continue;
      if (instruction.op === 'match') {
        if (end === undefined || state.position === end) return state.captures;
      } else if (instruction.op === 'split') {
        states.push({ ...state, at: instruction.other }, { ...state, at: state.at + 1 });
      } else {
        const next = this.#step(instruction, state);
        if (next !== undefined) states.push(next);
      }
    }
  }

  /** Identifies a state: the rest of the match depends only on these values. */
  #keyOf({ at, position, captures }: State): number | string {
    const key = at * (this.#chars.length + 1) + position;
    return this.#hasReferences ? `${key} ${[...captures.values()].join(' ')}` : key;
  }

  #step(
    instruction: Exclude<Instruction, { op: 'match' | 'split' }>,
    { at, position, captures }: State,
  ): State | undefined {
    const on = (holds: boolean, moved = position) =>
      holds ? { at: at + 1, position: moved, captures } : undefined;
    const char = this.#chars[position];
    switch (instruction.op) {
      case 'one':
        return on(char !== undefined && instruction.fits(char), position + 1);
      case 'jump':
        return { at: instruction.to, position, captures };
      case 'start':
        return on(position === 0 || (instruction.multiline && this.#chars[position - 1] === '\n'));
      case 'end':
        return on(char === undefined || (instruction.multiline && char === '\n'));
      case 'word':
        return on((this.#isWord(position - 1) !== this.#isWord(position)) === instruction.isExpected);
      case 'open':
      case 'close':
        return { at: at + 1, position, captures: this.#captured(instruction, position, captures) };
      case 'backreference':
        return this.#backreference(instruction, { at, position, captures });
      case 'lookaround':
        return this.#lookaround(instruction, { at, position, captures });
    }
  }

  #isWord(position: number): boolean {
    const char = this.#chars[position];
    return char !== undefined && WORD.test(char);
  }

  #captured(
    { op, group }: Extract<Instruction, { op: 'open' | 'close' }>,
    position: number,
    captures: Captures,
  ): Captures {
    if (!this.#hasReferences) return captures;
    const from = op === 'open' ? position : (captures.get(group)?.[0] ?? position);
    return new Map(captures).set(group, [from, op === 'open' ? -1 : position]);
  }

  /** Like in .NET, a reference to a group without a capture never matches. */
  #backreference(
    { groups, ignoreCase }: Extract<Instruction, { op: 'backreference' }>,
    { at, position, captures }: State,
  ): State | undefined {
    const captured = groups.map((group) => captures.get(group)).find((found) => found && found[1] >= 0);
    if (captured === undefined) return undefined;
    const [from, to] = captured;
    const read = (begin: number, length: number) => {
      const text = this.#chars.slice(begin, begin + length).join('');
      return ignoreCase ? text.toLowerCase() : text;
    };
    const length = to - from;
    this.steps += length;
    const isSame = position + length <= this.#chars.length && read(from, length) === read(position, length);
    return isSame ? { at: at + 1, position: position + length, captures } : undefined;
  }

  #lookaround(
    { isBehind, isExpected, after }: Extract<Instruction, { op: 'lookaround' }>,
    { at, position, captures }: State,
  ): State | undefined {
    const inside = (from: number, end?: number) =>
      this.#match({ at: at + 1, position: from, captures }, new Set(), end);
    let found: Captures | undefined;
    if (!isBehind) found = inside(position);
    else for (let from = position; from >= 0 && !found; from -= 1) found = inside(from, position);
    if ((found !== undefined) !== isExpected) return undefined;
    return { at: after, position, captures: isExpected && found ? found : captures };
  }
}
