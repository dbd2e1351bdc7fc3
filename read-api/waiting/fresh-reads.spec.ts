import { describe, expect, it } from 'vitest';
import { Overloaded } from '../../platform/http/response/errors.ts';
import { itemsProjection } from '../../projections/items/projection.ts';
import { ordersProjection } from '../../projections/orders/projection.ts';
import type { ReadStore } from '../../read-store/read-store.ts';
import { type FreshnessRequest, FreshReads, MAX_WAITING } from './fresh-reads.ts';

const documents = { generation: 1 };
const readStore = { live: async () => documents, liveShared: async () => documents } as unknown as ReadStore;
const asking = (minPosition?: bigint, sub = 'ann'): FreshnessRequest => ({
  caller: { sub, role: 'customer' },
  query: { minPosition },
  headers: {},
  signal: new AbortController().signal,
});

describe('the query API, while a read model is behind', () => {
  it('limits one caller to half of the waiting queries', async () => {
    const reads = new FreshReads(readStore, {
      waitFor: () => new Promise<boolean>(() => {}),
      position: () => 8n,
    });
    const wait = (sub: string) => reads.caughtUp(ordersProjection, asking(9n, sub));
    for (let nth = 0; nth < MAX_WAITING / 2; nth++) void wait('ann');

    await expect(wait('ann')).rejects.toBeInstanceOf(Overloaded);
    expect(await Promise.race([wait('bob'), 'waits'])).toBe('waits');
  });

  it('limits the waiting queries, while queries without a position are served', async () => {
    let catchUp = (_: boolean) => {};
    const caughtUp = new Promise<boolean>((resolve) => {
      catchUp = resolve;
    });
    const reads = new FreshReads(readStore, {
      waitFor: () => caughtUp,
      position: (model) => (model === 'items' ? 9n : 8n),
    });
    const waiting = Array.from({ length: MAX_WAITING }, (_, nth) =>
      reads.documents(ordersProjection, asking(9n, nth % 2 === 0 ? 'ann' : 'bob')),
    );

    await expect(reads.documents(ordersProjection, asking(9n, 'eve'))).rejects.toBeInstanceOf(Overloaded);
    await expect(reads.documents(ordersProjection, asking(9n))).rejects.toBeInstanceOf(Overloaded);
    await expect(reads.caughtUp(ordersProjection, asking(9n))).rejects.toBeInstanceOf(Overloaded);
    expect(await reads.documents(ordersProjection, asking())).toBe(documents);
    expect(await reads.documents(ordersProjection, asking(8n))).toBe(documents);
    expect(await reads.documents(itemsProjection, asking(9n))).toBe(documents);

    catchUp(true);
    expect(await Promise.all(waiting)).toEqual(waiting.map(() => documents));
    expect(await reads.documents(ordersProjection, asking(9n))).toBe(documents);
  });
});
