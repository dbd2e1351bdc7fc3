import type { Documents, Stored } from '../../read-store/read-store.ts';
import { firstDifference } from '../verify/first-difference.ts';
import type { ComparisonResult } from './rebuild-requests.ts';

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

  async step(): Promise<void> {
    if (this.#phase === 'live') {
      const page = await this.#page(this.#live);
      const rebuilt = await this.#rebuilt.load(page.map(({ id }) => id));
      for (const live of page) this.#compare(live.id, live, rebuilt.get(live.id));
      this.#counts.documents += page.length;
      this.#goOn(page, 'rebuilt');
    } else if (this.#phase === 'rebuilt') {
      const page = await this.#page(this.#rebuilt);
      const live = await this.#live.load(page.map(({ id }) => id));
      for (const rebuilt of page) if (!live.has(rebuilt.id)) this.#compare(rebuilt.id, undefined, rebuilt);
      this.#counts.rebuiltDocuments += page.length;
      this.#goOn(page, 'done');
    }
  }

  async #page(documents: Documents<unknown>): Promise<Stored<unknown>[]> {
    const page: Stored<unknown>[] = [];
    for await (const document of documents.all(this.#after)) {
      page.push(document);
      if (page.length === PAGE) break;
    }
    return page;
  }

  #goOn(page: readonly Stored<unknown>[], next: 'rebuilt' | 'done'): void {
    if (page.length < PAGE) this.#phase = next;
    this.#after = page.length < PAGE ? undefined : page.at(-1)?.id;
  }

  #compare(id: string, live: Stored<unknown> | undefined, rebuilt: Stored<unknown> | undefined): void {
    const difference = differenceOf(live, rebuilt);
    if (difference === undefined) return;
    this.#counts.differing += 1;
    if (this.#differences.length < MAX_REPORTED) this.#differences.push({ id, difference });
  }
}

function differenceOf(
  live: Stored<unknown> | undefined,
  rebuilt: Stored<unknown> | undefined,
): string | undefined {
  if (live === undefined) return 'it is missing';
  if (rebuilt === undefined) return 'no event leads to it';
  if (live.position === rebuilt.position) return firstDifference(rebuilt.body, live.body);
  return (
    firstDifference(rebuilt.body, live.body) ??
    `it is at position ${live.position}, should be at ${rebuilt.position}`
  );
}
