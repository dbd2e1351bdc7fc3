import type { AST } from '@eslint-community/regexpp';
import { RegexTooExpensive } from './errors.ts';
import type { Instruction, Program } from './instruction.ts';
import type { Flags, Parsed } from './parse.ts';

const MAX_INSTRUCTIONS = 10_000;

/** Compiles an expression for the backtracking engine. @throws {RegexTooExpensive} when it grows too large */
export function compileProgram({ alternatives, flags }: Parsed, source: string): Program {
  const compiler = new Compiler(source);
  compiler.alternatives(alternatives, flags);
  compiler.emit({ op: 'match' });
  const hasReferences = compiler.instructions.some(({ op }) => op === 'backreference');
  return { instructions: compiler.instructions, hasReferences };
}

class Compiler {
  readonly instructions: Instruction[] = [];
  readonly #source: string;

  constructor(source: string) {
    this.#source = source;
  }

  emit(instruction: Instruction): number {
    if (this.instructions.length >= MAX_INSTRUCTIONS) {
      throw new RegexTooExpensive(this.#source, `it compiles to more than ${MAX_INSTRUCTIONS} instructions`);
    }
    return this.instructions.push(instruction) - 1;
  }

  get #next(): number {
    return this.instructions.length;
  }

  alternatives(all: readonly AST.Alternative[], flags: Flags): void {
    const jumps: number[] = [];
    for (const [i, { elements }] of all.entries()) {
      const isLast = i === all.length - 1;
      const split = isLast ? undefined : this.emit({ op: 'jump', to: 0 });
      for (const element of elements) this.#element(element, flags);
      if (split === undefined) continue;
      jumps.push(this.emit({ op: 'jump', to: 0 }));
      this.instructions[split] = { op: 'split', other: this.#next };
    }
    for (const jump of jumps) this.instructions[jump] = { op: 'jump', to: this.#next };
  }

  #element(element: AST.Element, flags: Flags): void {
    switch (element.type) {
      case 'Character':
      case 'CharacterSet':
      case 'CharacterClass':
      case 'ExpressionCharacterClass':
        this.emit({ op: 'one', fits: oneOf(element.raw, flags) });
        return;
      case 'Group':
        this.alternatives(element.alternatives, withModifiers(flags, element.modifiers));
        return;
      case 'CapturingGroup':
        this.emit({ op: 'open', group: element });
        this.alternatives(element.alternatives, flags);
        this.emit({ op: 'close', group: element });
        return;
      case 'Quantifier':
        this.#quantifier(element, flags);
        return;
      case 'Backreference':
        this.emit({ op: 'backreference', groups: [element.resolved].flat(), ignoreCase: flags.ignoreCase });
        return;
      case 'Assertion':
        this.#assertion(element, flags);
        return;
    }
  }

  /** Greedy and lazy quantifiers are equal here, since only the existence of a match counts. */
  #quantifier({ min, max, element }: AST.Quantifier, flags: Flags): void {
    for (let i = 0; i < min; i += 1) this.#element(element, flags);
    if (max === Number.POSITIVE_INFINITY) {
      const split = this.emit({ op: 'jump', to: 0 });
      this.#element(element, flags);
      this.emit({ op: 'jump', to: split });
      this.instructions[split] = { op: 'split', other: this.#next };
      return;
    }
    const splits: number[] = [];
    for (let i = min; i < max; i += 1) {
      splits.push(this.emit({ op: 'jump', to: 0 }));
      this.#element(element, flags);
    }
    for (const split of splits) this.instructions[split] = { op: 'split', other: this.#next };
  }

  #assertion(assertion: AST.Assertion, flags: Flags): void {
    if (assertion.kind === 'word') this.emit({ op: 'word', isExpected: !assertion.negate });
    else if (!('alternatives' in assertion)) {
      this.emit({ op: assertion.kind, multiline: flags.multiline });
    } else {
      const look = this.emit({ op: 'jump', to: 0 });
      this.alternatives(assertion.alternatives, flags);
      this.emit({ op: 'match' });
      const isBehind = assertion.kind === 'lookbehind';
      this.instructions[look] = {
        op: 'lookaround',
        isBehind,
        isExpected: !assertion.negate,
        after: this.#next,
      };
    }
  }
}

/** Lets JavaScript match a single character, which is always fast. */
function oneOf(raw: string, { ignoreCase, dotAll }: Flags): (char: string) => boolean {
  const flags = `${ignoreCase ? 'i' : ''}${dotAll ? 's' : ''}`;
  const regex = tryCompile(`^(?:${raw})$`, `u${flags}`) ?? new RegExp(`^(?:${raw})$`, flags);
  return (char) => regex.test(char);
}

function tryCompile(source: string, flags: string): RegExp | undefined {
  try {
    return new RegExp(source, flags);
  } catch {
    return undefined;
  }
}

function withModifiers(flags: Flags, modifiers: AST.Modifiers | null): Flags {
  const isOn = (name: keyof Flags) =>
    !modifiers?.remove?.[name] && (flags[name] || (modifiers?.add[name] ?? false));
  return { ignoreCase: isOn('ignoreCase'), multiline: isOn('multiline'), dotAll: isOn('dotAll') };
}
