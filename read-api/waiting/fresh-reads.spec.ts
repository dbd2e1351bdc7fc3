import { describe, expect, it, vi } from 'vitest';
import { Overloaded } from '../../platform/http/response/errors.ts';
import { itemsProjection } from '../../projections/items/projection.ts';
import { ordersProjection } from '../../projections/orders/projection.ts';
import type { ReadStore } from '../../read-store/read-store.ts';
import { type FreshnessRequest, FreshReads, MAX_WAITING, ReadModelBehind } from './fresh-reads.ts';

const documents = { generation: 1 };
const readStore = { live: async () => documents, liveShared: async () => documents } as unknown as ReadStore;
const asking = (minPosition?: bigint, sub = 'ann'): FreshnessRequest => ({
  caller: { sub, role: 'customer' },
  query: { minPosition },
  headers: {},
  signal: new AbortController().signal,
  lastWrite: undefined,
  markBehind: () => {},
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

describe('a query of a session that has written', () => {
  const afterWrite = (lastWrite: bigint, minPosition?: bigint) => {
    const markBehind = vi.fn();
    return { markBehind, request: { ...asking(minPosition), lastWrite, markBehind } };
  };

  it('waits at most 2 s until the read model shows the last write', async () => {
    const waitFor = vi.fn(async () => true);
    const { request, markBehind } = afterWrite(9n);
    const reads = new FreshReads(readStore, { waitFor, position: () => 8n });
    expect(await reads.documents(ordersProjection, request)).toBe(documents);
    expect(waitFor).toHaveBeenCalledWith(ordersProjection, 9n, 2_000, request.signal);
    expect(markBehind).not.toHaveBeenCalled();
  });

  it('does not wait when the read model shows it already', async () => {
    const waitFor = vi.fn(async () => true);
    const { request, markBehind } = afterWrite(8n);
    await new FreshReads(readStore, { waitFor, position: () => 8n }).documents(ordersProjection, request);
    expect(waitFor).not.toHaveBeenCalled();
    expect(markBehind).not.toHaveBeenCalled();
  });

  it('gets what there is when the read model stays behind, and is told so', async () => {
    const { request, markBehind } = afterWrite(9n);
    const reads = new FreshReads(readStore, { waitFor: async () => false, position: () => 8n });
    expect(await reads.documents(ordersProjection, request)).toBe(documents);
    expect(markBehind).toHaveBeenCalledTimes(1);
  });

  it('gets what there is when too many queries wait already', async () => {
    const reads = new FreshReads(readStore, {
      waitFor: () => new Promise<boolean>(() => {}),
      position: () => 8n,
    });
    for (let nth = 0; nth < MAX_WAITING / 2; nth++) void reads.caughtUp(ordersProjection, asking(9n));
    const { request, markBehind } = afterWrite(9n);
    expect(await reads.documents(ordersProjection, request)).toBe(documents);
    expect(markBehind).toHaveBeenCalledTimes(1);
  });

  it('is rejected when the read model does not pass a position that the client names itself', async () => {
    const { request } = afterWrite(9n, 9n);
    const reads = new FreshReads(readStore, { waitFor: async () => false, position: () => 8n });
    await expect(reads.documents(ordersProjection, request)).rejects.toBeInstanceOf(ReadModelBehind);
  });
});
