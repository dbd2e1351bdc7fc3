import { LRUCache } from 'lru-cache';
import { aggregate } from '../../command-handling/aggregates.ts';
import { readState } from '../../command-handling/state/read-state.ts';
import type { ProductId } from '../../domain/kernel/ids.ts';
import type { ProductEvent } from '../../domain/product/events.ts';
import type { ExistingProduct, ProductState } from '../../domain/product/state.ts';
import type { RecordedEvent } from '../../event-store/codec/recorded-event.ts';
import type { EventStore } from '../../event-store/event-store.ts';
import type { Logger } from '../../event-store/logger.ts';
import { idOfStream } from '../../event-store/stream-name.ts';
import { backoffMs, pause } from '../../platform/async/backoff.ts';
import { atMost } from '../../platform/at-most.ts';

/** The current names and prices of products. */
export interface PriceCache {
  cached(productId: ProductId): ExistingProduct | undefined;
  /** Returns the product, undefined if it does not exist. Throws the errors of reading a stream. */
  find(productId: ProductId): Promise<ExistingProduct | undefined>;
  /** Stores the result of a command of this process, so that the next order has the new price. */
  update(state: ProductState, revision: bigint | undefined): void;
  /** Returns whether the subscription delivers the changes made by other processes. */
  isFollowing(): boolean;
}

export interface PriceCacheOptions {
  readonly store: EventStore;
  readonly logger: Logger;
  /** Returns false while the event store may have been replaced, which makes the cached prices invalid. */
  readonly isTrusted?: () => boolean;
  /** Ends the subscription. */
  readonly signal: AbortSignal;
  /** Maximum number of cached products; 100,000 by default. */
  readonly maxProducts?: number;
}

interface CachedProduct {
  readonly product: ExistingProduct;
  readonly revision: bigint;
}

const prefixes = ['product-'];
const backoff = { firstMs: 100, maxMs: 10_000 };

/**
 * Caches products, and keeps them current by a subscription to all product streams. A product that is not cached is read
 * from its stream. A change made by this process is visible when its response is sent, one made by another process when
 * the subscription delivers it, usually within milliseconds. During a short interruption, the prices stay as they are;
 * no order can be placed then either. When the subscription ends, the cache stays empty until it runs again.
 */
export function createPriceCache({
  store,
  logger,
  signal,
  isTrusted = () => true,
  maxProducts = 100_000,
}: PriceCacheOptions): PriceCache {
  const cache = new LRUCache<string, CachedProduct>(atMost(maxProducts));
  const reading = new Map<string, Promise<CachedProduct | undefined>>();
  /** Revisions of products that changed during their read, which may have returned the state before the change. */
  const changed = new Map<string, bigint>();
  /** The current run of the subscription. */
  let run: { readonly since: Date } | undefined;

  const cached = (productId: string): CachedProduct | undefined => {
    if (!isTrusted()) cache.clear();
    return cache.get(productId);
  };

  const keep = (productId: string, entry: CachedProduct): void => {
    const before = cache.get(productId);
    if (before === undefined || before.revision < entry.revision) cache.set(productId, entry);
  };

  const read = async (productId: ProductId): Promise<CachedProduct | undefined> => {
    for (;;) {
      changed.delete(productId);
      const runBefore = run;
      const entry = await readProduct(store, productId);
      const change = changed.get(productId);
      if (change !== undefined && (entry === undefined || change > entry.revision)) continue;
      // Without a subscription during the whole read, the entry may be stale already.
      if (entry !== undefined && runBefore !== undefined && runBefore === run) keep(productId, entry);
      return entry;
    }
  };

  const onEvent = ({ stream, revision, event }: RecordedEvent): void => {
    const productId = idOfStream(stream);
    if (reading.has(productId)) changed.set(productId, revision);
    const entry = cache.get(productId);
    if (entry === undefined || entry.revision >= revision) return;
    const { decider } = aggregate('product', productId);
    const product = decider.evolve(entry.product, event as ProductEvent);
    // A gap means that an event was missed: the next lookup reads the stream.
    if (product.status !== 'unknown' && entry.revision + 1n === revision)
      keep(productId, { product, revision });
    else cache.delete(productId);
  };

  void follow();
  async function follow(): Promise<void> {
    for (let attempt = 0; !signal.aborted; attempt++) {
      try {
        const after = await store.head();
        for await (const entry of store.subscribe({
          prefixes,
          signal,
          ...(after !== undefined && { after }),
        })) {
          // The subscription is live now and delivers every further change, so the cache may be filled.
          run ??= { since: new Date() };
          if (entry.kind === 'event') onEvent(entry.recorded);
          else if (entry.kind === 'unknown') cache.delete(idOfStream(entry.stream));
        }
      } catch (error) {
        logger.warn('price subscription failed; prices are read from their streams until it runs again', {
          error,
        });
      }
      run = undefined;
      cache.clear();
      await pause(backoffMs(attempt, backoff), signal);
    }
  }

  return {
    isFollowing: () => run !== undefined,
    update: (state, revision) => {
      if (state.status === 'unknown' || revision === undefined) return;
      if (reading.has(state.productId)) changed.set(state.productId, revision);
      if (run !== undefined) keep(state.productId, { product: state, revision });
    },
    cached: (productId) => cached(productId)?.product,
    find: async (productId) => {
      const entry = cached(productId);
      if (entry !== undefined) return entry.product;
      let inFlight = reading.get(productId);
      if (inFlight === undefined) {
        inFlight = read(productId).finally(() => {
          reading.delete(productId);
          changed.delete(productId);
        });
        reading.set(productId, inFlight);
      }
      return (await inFlight)?.product;
    },
  };
}

async function readProduct(store: EventStore, productId: ProductId): Promise<CachedProduct | undefined> {
  const { state, revision } = await readState(store, aggregate('product', productId));
  return state.status === 'unknown' || revision === undefined ? undefined : { product: state, revision };
}
