import type { Listed } from '../documents/listing.ts';
import type { Page, PageRequest } from '../documents/page.ts';
import { type ItemDocument, itemOf, type StoredItem } from './document.ts';

/** An item that may match the filter. */
export type Candidate = Listed<StoredItem>;
export type Candidates = AsyncGenerator<Candidate, void>;

/** Maximum number of candidates read for one page, so that a filter with few matches stays fast. */
const MAX_CANDIDATES = 1_000;

/** Yields candidates, reading them page by page from `start` on. */
export async function* readCandidates(
  pageOf: (page: PageRequest) => Promise<Page<Candidate>>,
  batch: number,
  start: PageRequest['after'],
): Candidates {
  let after = start;
  do {
    const page = await pageOf({ limit: batch, after });
    yield* page.items;
    after = page.after;
  } while (after !== undefined);
}

/** Merges several sorted sequences of candidates, in order of name. */
export async function* mergeCandidates(sources: readonly Candidates[]): Candidates {
  const heads = await Promise.all(sources.map(async (source) => ({ source, next: await source.next() })));
  for (;;) {
    let first: { readonly head: (typeof heads)[number]; readonly candidate: Candidate } | undefined;
    for (const head of heads) {
      if (head.next.done === true) continue;
      const candidate = head.next.value;
      if (first === undefined || isBefore(candidate.key, first.candidate.key)) first = { head, candidate };
    }
    if (first === undefined) return;
    yield first.candidate;
    first.head.next = await first.head.source.next();
  }
}

/** Returns a page of matching candidates. It may have fewer than its limit, even none, although another page follows. */
export async function takeMatching(
  candidates: Candidates,
  matches: (item: ItemDocument) => boolean,
  limit: number,
): Promise<Page<ItemDocument>> {
  const items: ItemDocument[] = [];
  let examined = 0;
  let after: Candidate['key'] | undefined;
  for await (const { document, key } of candidates) {
    if (items.length === limit || examined === MAX_CANDIDATES) return { items, after };
    examined += 1;
    after = key;
    if (matches(document)) items.push(itemOf(document));
  }
  return { items };
}

/** Compares by code point, like the read stores. */
const isBefore = ([aName, aId]: Candidate['key'], [bName, bId]: Candidate['key']): boolean =>
  (Buffer.compare(Buffer.from(aName), Buffer.from(bName)) ||
    Buffer.compare(Buffer.from(aId), Buffer.from(bId))) < 0;
