import { LRUCache } from 'lru-cache';
import type { ProductId } from '../../domain/kernel/ids.ts';
import { productDecider } from '../../domain/product/decider.ts';
import type { ProductEvent } from '../../domain/product/events.ts';
import type { ExistingProduct, ProductState } from '../../domain/product/state.ts';
import { productStream } from '../../event-catalogue/streams.ts';
import type { RecordedEvent } from '../../event-store/codec/recorded-event.ts';
import type { EventStore } from '../../event-store/event-store.ts';
import type { Logger } from '../../event-store/logger.ts';
import { idOfStream } from '../../event-store/stream-name.ts';
import { backoffMs, pause } from '../../platform/async/backoff.ts';

/** What products are called and cost now. */
export interface Prices {
  /** What is in the cache, at once. */
  known(productId: ProductId): ExistingProduct | undefined;
  /** Undefined when there is no such product. Throws what reading a stream throws. */
  find(productId: ProductId): Promise<ExistingProduct | undefined>;
  /** Says what a command of this process made of a product, so that the next order knows it at once. */
  learn(state: ProductState, revision: bigint | undefined): void;
  /** Whether changes made by other processes are being followed. */
  following(): boolean;
}

export interface PricesOptions {
  readonly store: EventStore;
  readonly logger: Logger;
  /** False while the event store may have been replaced since the prices were read; always true when absent. */
  readonly isTrusted?: () => boolean;
  /** Ends the subscription. */
  readonly signal: AbortSignal;
  /** Products kept at most; 100,000. */
  readonly remember?: number;
}

interface Known {
  readonly product: ExistingProduct;
  readonly revision: bigint;
}

const prefixes = ['product-'];
const backoff = { firstMs: 100, maxMs: 10_000 };

/**
 * Products from a bounded cache, kept fresh by a subscription to all product streams; a miss reads the product's stream.
 * How stale a price may be: a change made through this process is known when its answer is given. One made by another
 * process is known when the subscription delivers it, as a rule within milliseconds. While the subscription is
 * interrupted (the event store is away, and then no order can be placed either) prices stay as they were; when it ends
 * for good, nothing is answered from the cache until it runs again.
 */
export function createPriceCache({
  store,
  logger,
  signal,
  isTrusted = () => true,
  remember = 100_000,
}: PricesOptions): Prices {
  const cache = new LRUCache<string, Known>({ max: remember });
  const loading = new Map<string, Promise<Known | undefined>>();
  // Changed while its stream was being read: what was read may be from before.
  const changed = new Map<string, bigint>();
  // One for each time that the subscription runs.
  let following: { readonly since: Date } | undefined;

  const recall = (productId: string): Known | undefined => {
    if (!isTrusted()) cache.clear();
    return cache.get(productId);
  };

  const keep = (productId: string, known: Known): void => {
    const before = cache.get(productId);
    if (before === undefined || before.revision < known.revision) cache.set(productId, known);
  };

  const load = async (productId: ProductId): Promise<Known | undefined> => {
    for (;;) {
      changed.delete(productId);
      const then = following;
      const known = await readProduct(store, productId);
      const meanwhile = changed.get(productId);
      if (meanwhile !== undefined && (known === undefined || meanwhile > known.revision)) continue;
      // Read while nothing was followed, it may be stale by now without anybody knowing.
      if (known !== undefined && then !== undefined && then === following) keep(productId, known);
      return known;
    }
  };

  const onEvent = ({ stream, revision, event }: RecordedEvent): void => {
    const productId = idOfStream(stream);
    if (loading.has(productId)) changed.set(productId, revision);
    const known = cache.get(productId);
    if (known === undefined || known.revision >= revision) return;
    const product = productDecider.evolve(known.product, event as ProductEvent);
    // A gap means that an event was missed; the stream knows better.
    if (product.status !== 'unknown' && known.revision + 1n === revision)
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
          // From here on no change is missed: only now may the cache be filled.
          following ??= { since: new Date() };
          if (entry.kind === 'event') onEvent(entry.recorded);
          else if (entry.kind === 'unknown') cache.delete(idOfStream(entry.stream));
        }
      } catch (error) {
        logger.warn('prices are read from their streams until they can be followed again', { error });
      }
      following = undefined;
      cache.clear();
      await pause(backoffMs(attempt, backoff), signal);
    }
  }

  return {
    following: () => following !== undefined,
    learn: (state, revision) => {
      if (state.status === 'unknown' || revision === undefined) return;
      if (loading.has(state.productId)) changed.set(state.productId, revision);
      if (following !== undefined) keep(state.productId, { product: state, revision });
    },
    known: (productId) => recall(productId)?.product,
    find: async (productId) => {
      const known = recall(productId);
      if (known !== undefined) return known.product;
      let underWay = loading.get(productId);
      if (underWay === undefined) {
        underWay = load(productId).finally(() => {
          loading.delete(productId);
          changed.delete(productId);
        });
        loading.set(productId, underWay);
      }
      return (await underWay)?.product;
    },
  };
}

async function readProduct(store: EventStore, productId: ProductId): Promise<Known | undefined> {
  let state: ProductState = productDecider.initialState;
  let revision = -1n;
  for await (const recorded of store.read(productStream(productId))) {
    state = productDecider.evolve(state, recorded.event as ProductEvent);
    revision = recorded.revision;
  }
  return state.status === 'unknown' ? undefined : { product: state, revision };
}
