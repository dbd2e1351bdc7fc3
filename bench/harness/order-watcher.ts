import { setTimeout as sleep } from 'node:timers/promises';
import type { PlacedOrder, Shop } from './shop.ts';

/** Polling rarely, since queries take time of the measured system. */
const LOOK_EVERY_MS = 20;

interface Waiter extends PlacedOrder {
  readonly resolve: () => void;
}

interface OrderPage {
  readonly items: readonly { readonly orderId: string }[];
  readonly next: string | null;
}

/**
 * Waits until the query API shows orders at rest: the system does nothing more for them without a command. Queries only the
 * orders that are not at rest, also when many are watched: the `placed` ones, then the `confirmed` ones.
 */
export class OrderWatcher {
  readonly #shop: Shop;
  readonly #waiters = new Set<Waiter>();
  #looking = false;

  constructor(shop: Shop) {
    this.#shop = shop;
  }

  untilAtRest({ orderId, position }: PlacedOrder): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiters.add({ orderId, position, resolve });
      if (!this.#looking) this.#look().catch(reject);
    });
  }

  async #look(): Promise<void> {
    this.#looking = true;
    try {
      while (this.#waiters.size > 0) {
        const asked = [...this.#waiters];
        const newest = asked.reduce(
          (most, { position }) => (BigInt(position) > most ? BigInt(position) : most),
          0n,
        );
        const placed = await this.#ordersThatAre('placed', newest);
        const confirmed = await this.#ordersThatAre('confirmed', newest);
        for (const waiter of asked)
          if (!placed.has(waiter.orderId) && !confirmed.has(waiter.orderId)) {
            this.#waiters.delete(waiter);
            waiter.resolve();
          }
        await sleep(LOOK_EVERY_MS);
      }
    } finally {
      this.#looking = false;
    }
  }

  async #ordersThatAre(status: string, position: bigint): Promise<Set<string>> {
    const found = new Set<string>();
    for (let next: string | null | undefined = ''; typeof next === 'string'; ) {
      const cursor: string = next === '' ? '' : `&cursor=${encodeURIComponent(next)}`;
      const page: OrderPage | undefined = await this.#shop.query(
        `/orders?status=${status}&limit=200&minPosition=${position}${cursor}`,
      );
      for (const { orderId } of page?.items ?? []) found.add(orderId);
      next = page?.next;
    }
    return found;
  }
}
