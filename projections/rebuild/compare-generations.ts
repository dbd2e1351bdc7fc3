import type { Documents, Stored } from '../../read-store/read-store.ts';
import { documentDifference } from '../verify/first-difference.ts';
import type { ComparisonResult } from './rebuild-outcome.ts';

/** Documents compared in one step; nothing is written during a step. */
const PAGE = 500;
/** Maximum number of differences in a result; of the others, only their number. */
const MAX_REPORTED = 50;

/**
 * Compares a rebuilt generation with the live one, page by page, so that both can be written between two steps. Compares
 * the documents of the live one first, then finds documents that only the rebuilt one has.
 */
export class GenerationComparison {
  readonly #live: Documents<unknown>;
  readonly #rebuilt: Documents<unknown>;
  readonly #differences: { readonly id: string; readonly difference: string }[] = [];
  #counts = { documents: 0, rebuiltDocuments: 0, differing: 0 };
  #phase: 'live' | 'rebuilt' | 'done' = 'live';
  #after: string | undefined;

  constructor(live: Documents<unknown>, rebuilt: Documents<unknown>) {
    this.#live = live;
    this.#rebuilt = rebuilt;
  }

  get isDone(): boolean {
    return this.#phase === 'done';
  }

  get result(): ComparisonResult {
    return { ...this.#counts, differences: this.#differences };
  }

  /** Compares the next page. A step that failed can be repeated. */
  async step(): Promise<void> {
    const [one, other] = this.#phase === 'live' ? [this.#live, this.#rebuilt] : [this.#rebuilt, this.#live];
    const page = await one.page(this.#after, PAGE);
    const others = await other.load(page.map(({ id }) => id));
    if (this.#phase === 'live') this.#compareWithRebuilt(page, others);
    else this.#findSuperfluous(page, others);
    this.#after = page.at(-1)?.id;
    if (page.length < PAGE) this.#endPhase();
  }

  #compareWithRebuilt(page: readonly Stored<unknown>[], rebuilt: ReadonlyMap<string, Stored<unknown>>): void {
    this.#counts.documents += page.length;
    for (const live of page) {
      const expected = rebuilt.get(live.id);
      this.#report(
        live.id,
        expected === undefined ? 'no event leads to it' : documentDifference(expected, live),
      );
    }
  }

  #findSuperfluous(page: readonly Stored<unknown>[], live: ReadonlyMap<string, Stored<unknown>>): void {
    this.#counts.rebuiltDocuments += page.length;
    for (const { id } of page) if (!live.has(id)) this.#report(id, 'it is missing');
  }

  #report(id: string, difference: string | undefined): void {
    if (difference === undefined) return;
    this.#counts.differing += 1;
    if (this.#differences.length < MAX_REPORTED) this.#differences.push({ id, difference });
  }

  #endPhase(): void {
    this.#phase = this.#phase === 'live' ? 'rebuilt' : 'done';
    this.#after = undefined;
  }
}
