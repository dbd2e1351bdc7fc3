import type { AST } from '@eslint-community/regexpp';

/** One step of the backtracking engine. */
export type Instruction =
  | { readonly op: 'one'; readonly fits: (char: string) => boolean }
  | { readonly op: 'split'; readonly other: number }
  | { readonly op: 'jump'; readonly to: number }
  | { readonly op: 'start' | 'end'; readonly multiline: boolean }
  | { readonly op: 'word'; readonly isExpected: boolean }
  /** Runs the instructions up to `after` from here, without consuming characters. */
  | {
      readonly op: 'lookaround';
      readonly isBehind: boolean;
      readonly isExpected: boolean;
      readonly after: number;
    }
  | { readonly op: 'open' | 'close'; readonly group: AST.CapturingGroup }
  | {
      readonly op: 'backreference';
      readonly groups: readonly AST.CapturingGroup[];
      readonly ignoreCase: boolean;
    }
  | { readonly op: 'match' };

/** A compiled expression for the backtracking engine. */
export interface Program {
  readonly instructions: readonly Instruction[];
  readonly hasReferences: boolean;
}
