import type { IndexDeclaration, Metadata } from './read-store.ts';

/** A generation as it was built. */
export interface BuiltGeneration {
  readonly number: number;
  /** Version of the read model that wrote its documents. */
  readonly version: number;
  readonly indexes: readonly IndexDeclaration[];
}

/** The generations of a read model, stored in one piece of metadata so that every change is atomic. Numbers are never reused. */
export interface Generations {
  /** Id of the last writer: a projector that claimed the generations. */
  readonly writer: string;
  /** The highest number used so far. */
  readonly newest: number;
  /** The generation that queries read. */
  readonly live?: BuiltGeneration;
  /** The generation that a rebuild writes; with `dryRun` it is only compared with the live one. */
  readonly next?: { readonly number: number; readonly version: number; readonly dryRun: boolean };
  /** Generations to drop once no request reads them any more. */
  readonly retired: readonly number[];
}

/** Returns the name of the metadata that holds the generations of a read model. */
export const generationsKey = (model: string): string => `generations:${model}`;

/** Returns the live generation in the metadata of a read model; undefined while none is live. */
export const liveIn = (metadata: Metadata | undefined): BuiltGeneration | undefined =>
  (metadata?.body as Generations | undefined)?.live;
