import { setTimeout as sleep } from 'node:timers/promises';
import type { PlacedOrder, Shop } from './shop.ts';

/** Asking is work too: seldom for what takes long. */
const LOOK_EVERY_MS: Readonly<Record<Milestone, number>> = { confirmed: 5, 'at-rest': 20 };

/** `confirmed`, or what comes instead; at rest: there is nothing more that the system does by itself. */
type Milestone = 'confirmed' | 'at-rest';

interface Waiter extends PlacedOrder {
  readonly milestone: Milestone;
  readonly resolve: () => void;
}

interface OrderPage {
  readonly items: readonly { readonly orderId: string }[];
  readonly next: string | null;
}

/**
 * Tells when orders are shown by the query API to have come so far. However many are waited for, it asks for the few that
 * have not: the orders that are `placed`, then those that are `confirmed`. One that is in neither list is at rest.
 */
export class OrderWatch {
  readonly #shop: Shop;
  readonly #waiters = new Set<Waiter>();
  #looking = false;

  constructor(shop: Shop) {
    this.#shop = shop;
  }

  until(milestone: Milestone, { orderId, position }: PlacedOrder): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiters.add({ milestone, orderId, position, resolve });
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
        this.#tell(asked, (waiter) => waiter.milestone === 'confirmed' && !placed.has(waiter.orderId));
        const soonest = asked.some(({ milestone }) => milestone === 'confirmed') ? 'confirmed' : 'at-rest';
        if (asked.some(({ milestone }) => milestone === 'at-rest')) {
          const confirmed = await this.#ordersThatAre('confirmed', newest);
          this.#tell(asked, ({ orderId }) => !placed.has(orderId) && !confirmed.has(orderId));
        }
        await sleep(LOOK_EVERY_MS[soonest]);
      }
    } finally {
      this.#looking = false;
    }
  }

  #tell(asked: readonly Waiter[], isThere: (waiter: Waiter) => boolean): void {
    for (const waiter of asked)
      if (isThere(waiter)) {
        this.#waiters.delete(waiter);
        waiter.resolve();
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
