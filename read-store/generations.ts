import type { IndexDeclaration } from './read-store.ts';

/** A generation as it was built. */
export interface BuiltGeneration {
  readonly number: number;
  /** Of the model's code that its documents are folded with. */
  readonly version: number;
  readonly indexes: readonly IndexDeclaration[];
}

/**
 * Which generations of a model there are: one note, so that any change of it is one step for all who read. Numbers are
 * never given twice.
 */
export interface Generations {
  /** Who wrote the note last: a projector at one of its terms. */
  readonly writer: string;
  /** The highest number given so far. */
  readonly newest: number;
  /** The one that is read. */
  readonly live?: BuiltGeneration;
  /** The one that is being built beside it; `dryRun`: only to be compared with it. */
  readonly next?: { readonly number: number; readonly version: number; readonly dryRun: boolean };
  /** Read no more, but for the requests under way; to be dropped. */
  readonly retired: readonly number[];
}

/** The name of the note on a model's generations. */
export const generationsNote = (model: string): string => `generations:${model}`;
