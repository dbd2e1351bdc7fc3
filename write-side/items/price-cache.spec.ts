import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { productId } from '../../domain/kernel/ids.ts';
import { money } from '../../domain/kernel/money.ts';
import type { ProductEvent } from '../../domain/product/events.ts';
import { catalogue } from '../../event-catalogue/catalogue.ts';
import { silent } from '../../event-store/logger.ts';
import { eventually } from '../../event-store/testing/eventually.ts';
import {
  createInMemoryEventStore,
  type InMemoryEventStore,
} from '../../event-store/testing/in-memory-event-store.ts';
import { createPriceCache, type PriceCache } from './price-cache.ts';

const MUG = productId('85123A');
const price = (amount: number) => money(amount, 'GBP');
const created: ProductEvent = {
  type: 'ProductCreated',
  data: { productId: MUG, name: 'MUG', price: price(250), openingQuantity: 0 },
};
const repriced = (amount: number): ProductEvent => ({
  type: 'ProductRepriced',
  data: { productId: MUG, price: price(amount) },
});

let ending: AbortController;
let store: InMemoryEventStore;
beforeEach(() => {
  ending = new AbortController();
  store = createInMemoryEventStore({ catalogue });
});
afterEach(() => ending.abort());

const append = (event: ProductEvent) => {
  const commandId = crypto.randomUUID();
  const actor = { sub: 'olga', role: 'operator' } as const;
  const metadata = { $correlationId: MUG, $causationId: commandId, commandId, actor };
  return store.connectAgain().append(`product-${MUG}`, [{ event, metadata }], 'any');
};
async function followingCache(maxProducts?: number): Promise<PriceCache> {
  const prices = createPriceCache({
    store,
    logger: silent,
    signal: ending.signal,
    ...(maxProducts && { maxProducts }),
  });
  await eventually(() => expect(prices.isFollowing()).toBe(true));
  return prices;
}
const priceOf = async (prices: PriceCache) => (await prices.find(MUG))?.price.amount;

describe('the price cache', () => {
  it('reads an unknown product again each time', async () => {
    const prices = await followingCache();
    expect(await prices.find(MUG)).toBeUndefined();
    await append(created);
    expect(await priceOf(prices)).toBe(250);
  });

  it('reads a product once for concurrent lookups', async () => {
    await append(created);
    await append(repriced(300));
    const prices = await followingCache();
    expect(await Promise.all([priceOf(prices), priceOf(prices)])).toEqual([300, 300]);
    await priceOf(prices);
    expect(store.calls.reads).toBe(1);
  });

  it('follows the changes of other processes without another read', async () => {
    await append(created);
    const prices = await followingCache();
    await priceOf(prices);
    await append(repriced(300));
    await eventually(async () => expect(await priceOf(prices)).toBe(300));
    expect(store.calls.reads).toBe(1);
  });

  it('has the result of a command of this process at once, and ignores an older one', async () => {
    await append(created);
    const prices = await followingCache();
    await priceOf(prices);
    prices.update({ status: 'created', ...created.data, price: price(9) } as never, 1n);
    expect(await priceOf(prices)).toBe(9);
    prices.update({ status: 'created', ...created.data, price: price(1) } as never, 0n);
    expect(await priceOf(prices)).toBe(9);
  });

  it('reads a product again that changes during the read', async () => {
    await append(created);
    const reading = store.read.bind(store);
    let changes = 1;
    store.read = async function* (stream, options) {
      yield* reading(stream, options);
      if (changes-- > 0) {
        await append(repriced(300));
        // The subscription delivers the event before the read has ended.
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    const prices = await followingCache();
    expect(await priceOf(prices)).toBe(300);
    expect(await priceOf(prices)).toBe(300);
  });
});

it('the price cache keeps the maximum number of products', async () => {
  await append(created);
  const prices = await followingCache(1);
  await priceOf(prices);
  prices.update({ status: 'created', ...created.data, productId: productId('other') } as never, 0n);
  await priceOf(prices);
  expect(store.calls.reads).toBe(2);
});

it('the price cache reads every price while its subscription fails', async () => {
  store.subscribe = () => {
    throw new Error('newer than this program');
  };
  const prices = createPriceCache({ store, logger: silent, signal: ending.signal });
  await append(created);
  expect(await priceOf(prices)).toBe(250);
  await append(repriced(300));
  expect(await priceOf(prices)).toBe(300);
  expect([prices.isFollowing(), store.calls.reads]).toEqual([false, 2]);
});

it('the price cache reads a price from its stream while the event store may have been replaced', async () => {
  await append(created);
  let isTrusted = true;
  const prices = createPriceCache({
    store,
    logger: silent,
    signal: ending.signal,
    isTrusted: () => isTrusted,
  });
  await eventually(() => expect(prices.isFollowing()).toBe(true));
  expect([await priceOf(prices), prices.cached(MUG)?.price.amount]).toEqual([250, 250]);
  store.scavenge(`product-${MUG}`);
  isTrusted = false;
  expect([await priceOf(prices), prices.cached(MUG)]).toEqual([undefined, undefined]);
});
