import type { Page, PageRequest } from '../page.ts';
import type { ItemDocument } from './document.ts';

/** An item that a filter is to look at, and where it stands in the order of names. */
export interface Candidate {
  readonly item: ItemDocument;
  readonly key: readonly [sortName: string, id: string];
}

export type Candidates = AsyncGenerator<Candidate, void>;

/** Candidates looked at for one page, so that no request lasts, however few of them fit. */
const LOOKED_AT = 1_000;

/** Walks page after page; begins where the page that is asked for begins. */
export async function* oneByOne(
  pageOf: (page: PageRequest) => Promise<Page<Candidate>>,
  batch: number,
  start: PageRequest['after'],
): Candidates {
  let after = start;
  do {
    const page = await pageOf({ limit: batch, ...(after === undefined ? {} : { after }) });
    yield* page.items;
    after = page.after;
  } while (after !== undefined);
}

/** Several walks in the order of names as one. */
export async function* inOrder(walks: readonly Candidates[]): Candidates {
  const heads = await Promise.all(walks.map(async (walk) => ({ walk, next: await walk.next() })));
  for (;;) {
    let first: { readonly head: (typeof heads)[number]; readonly candidate: Candidate } | undefined;
    for (const head of heads) {
      if (head.next.done === true) continue;
      const candidate = head.next.value;
      if (first === undefined || isBefore(candidate.key, first.candidate.key)) first = { head, candidate };
    }
    if (first === undefined) return;
    yield first.candidate;
    first.head.next = await first.head.walk.next();
  }
}

/** A page of the candidates that fit. It may hold fewer than its limit, and even none, though another follows. */
export async function firstOf(
  candidates: Candidates,
  fits: (item: ItemDocument) => boolean,
  limit: number,
): Promise<Page<ItemDocument>> {
  const items: ItemDocument[] = [];
  let lookedAt = 0;
  let after: Candidate['key'] | undefined;
  for await (const { item, key } of candidates) {
    if (items.length === limit || lookedAt === LOOKED_AT)
      return { items, ...(after === undefined ? {} : { after }) };
    lookedAt += 1;
    after = key;
    if (fits(item)) items.push(item);
  }
  return { items };
}

/** By code point, as the read stores order text. */
const isBefore = ([aName, aId]: Candidate['key'], [bName, bId]: Candidate['key']): boolean =>
  (Buffer.compare(Buffer.from(aName), Buffer.from(bName)) ||
    Buffer.compare(Buffer.from(aId), Buffer.from(bId))) < 0;
