import { describe, expect, it } from 'vitest';
import { Overloaded } from '../../platform/http/response/errors.ts';
import { itemsProjection } from '../../projections/items/projection.ts';
import { ordersProjection } from '../../projections/orders/projection.ts';
import type { ReadStore } from '../../read-store/read-store.ts';
import { type FreshnessRequest, MOST_WAITING, Reading } from './reading.ts';

const documents = { generation: 1 };
const readStore = { live: async () => documents, liveShared: async () => documents } as unknown as ReadStore;
const asking = (minPosition?: bigint, sub = 'ann'): FreshnessRequest => ({
  caller: { sub, role: 'customer' },
  query: { minPosition },
  headers: {},
  signal: new AbortController().signal,
});

describe('a model that is behind', () => {
  it('limits one caller to half of the waiting queries', async () => {
    const reading = new Reading(readStore, {
      waitFor: () => new Promise<boolean>(() => {}),
      position: () => 8n,
    });
    const wait = (sub: string) => reading.caughtUp(ordersProjection, asking(9n, sub));
    for (let nth = 0; nth < MOST_WAITING / 2; nth++) void wait('ann');

    await expect(wait('ann')).rejects.toBeInstanceOf(Overloaded);
    expect(await Promise.race([wait('bob'), 'waits'])).toBe('waits');
  });

  it('has so many requests wait for it, and keeps nobody from what is there', async () => {
    let catchUp = (_: boolean) => {};
    const caughtUp = new Promise<boolean>((resolve) => {
      catchUp = resolve;
    });
    const reading = new Reading(readStore, {
      waitFor: () => caughtUp,
      position: (model) => (model === 'items' ? 9n : 8n),
    });
    const waiting = Array.from({ length: MOST_WAITING }, (_, nth) =>
      reading.documents(ordersProjection, asking(9n, nth % 2 === 0 ? 'ann' : 'bob')),
    );

    await expect(reading.documents(ordersProjection, asking(9n, 'eve'))).rejects.toBeInstanceOf(Overloaded);
    await expect(reading.documents(ordersProjection, asking(9n))).rejects.toBeInstanceOf(Overloaded);
    await expect(reading.caughtUp(ordersProjection, asking(9n))).rejects.toBeInstanceOf(Overloaded);
    expect(await reading.documents(ordersProjection, asking())).toBe(documents);
    expect(await reading.documents(ordersProjection, asking(8n))).toBe(documents);
    expect(await reading.documents(itemsProjection, asking(9n))).toBe(documents);

    catchUp(true);
    expect(await Promise.all(waiting)).toEqual(waiting.map(() => documents));
    expect(await reading.documents(ordersProjection, asking(9n))).toBe(documents);
  });
});
