import type { Documents, Stored } from '../../read-store/read-store.ts';
import { firstDifference } from '../verify/first-difference.ts';
import type { ComparisonResult } from './rebuild-requests.ts';

/** Documents looked at in one step, during which nothing is written. */
const PAGE = 500;
/** So many differences are told; of the others only how many there are. */
const TOLD = 50;

/**
 * Compares a rebuilt generation with the live one, a page at a time, so that both may be written between two steps. First
 * the documents of the live one are looked up in the other, then those that only the other has.
 */
export class GenerationComparison {
  readonly #live: Documents<unknown>;
  readonly #rebuilt: Documents<unknown>;
  readonly #differences: { readonly id: string; readonly difference: string }[] = [];
  #counts = { documents: 0, rebuiltDocuments: 0, differing: 0 };
  #looksAt: 'live' | 'rebuilt' | 'nothing' = 'live';
  #after: string | undefined;

  constructor(live: Documents<unknown>, rebuilt: Documents<unknown>) {
    this.#live = live;
    this.#rebuilt = rebuilt;
  }

  get isDone(): boolean {
    return this.#looksAt === 'nothing';
  }

  get result(): ComparisonResult {
    return { ...this.#counts, differences: this.#differences };
  }

  async step(): Promise<void> {
    if (this.#looksAt === 'live') {
      const page = await this.#page(this.#live);
      const rebuilt = await this.#rebuilt.load(page.map(({ id }) => id));
      for (const live of page) this.#compare(live.id, live, rebuilt.get(live.id));
      this.#counts.documents += page.length;
      this.#goOn(page, 'rebuilt');
    } else if (this.#looksAt === 'rebuilt') {
      const page = await this.#page(this.#rebuilt);
      const live = await this.#live.load(page.map(({ id }) => id));
      for (const rebuilt of page) if (!live.has(rebuilt.id)) this.#compare(rebuilt.id, undefined, rebuilt);
      this.#counts.rebuiltDocuments += page.length;
      this.#goOn(page, 'nothing');
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

  #goOn(page: readonly Stored<unknown>[], next: 'rebuilt' | 'nothing'): void {
    if (page.length < PAGE) this.#looksAt = next;
    this.#after = page.length < PAGE ? undefined : page.at(-1)?.id;
  }

  #compare(id: string, live: Stored<unknown> | undefined, rebuilt: Stored<unknown> | undefined): void {
    const difference = differenceOf(live, rebuilt);
    if (difference === undefined) return;
    this.#counts.differing += 1;
    if (this.#differences.length < TOLD) this.#differences.push({ id, difference });
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
    `it is as of position ${live.position}, should be as of ${rebuilt.position}`
  );
}
