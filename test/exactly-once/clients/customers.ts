import { setTimeout as sleep } from 'node:timers/promises';
import type { HttpAnswer } from '../../support/http.ts';
import type { Shoppers } from './impatient-client.ts';

/** What a customer was told of an order. */
export interface Story {
  readonly orderId: string;
  readonly total: number;
  /** Of the last time each was asked for; undefined when nobody did. */
  readonly cancelled?: HttpAnswer;
  readonly refunded?: HttpAnswer;
}

export interface Assortment {
  readonly plenty: readonly string[];
  /** Runs out. */
  readonly scarce: readonly string[];
}

/** As likely as they are often here. */
const TOKENS = [
  ...Array.from({ length: 37 }, () => 'tok_ok'),
  ...Array.from({ length: 6 }, () => 'tok_flaky'),
  ...Array.from({ length: 5 }, () => 'tok_declined'),
  ...Array.from({ length: 2 }, () => 'tok_down'),
];
const CANCELS = 0.15;
const REFUNDS = 0.1;
const REFUND_TRIES = 6;

/** Customers who place orders of all kinds, and some of whom cancel or want their money back, at any moment. */
export function customersOf(shoppers: Shoppers, { plenty, scarce }: Assortment, random: () => number) {
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item;
  const basket = () => {
    const items = new Map<string, number>();
    for (let lines = 1 + Math.floor(random() * 4); lines > 0; lines -= 1)
      items.set(pick(random() < 0.12 ? scarce : plenty), 1 + Math.floor(random() * 5));
    return [...items].map(([productId, quantity]) => ({ productId, quantity }));
  };

  return async (name: string): Promise<Story> => {
    const placed = await shoppers.request({
      path: '/orders',
      body: { items: basket(), payment: { token: pick(TOKENS) } },
      role: 'customer',
      key: `order ${name}`,
    });
    if (placed.status !== 201)
      throw new TypeError(`${name}: ${placed.status} ${JSON.stringify(placed.body)}`);
    const { orderId, total } = placed.body;
    const story = { orderId, total: total.amount };

    const mood = random();
    if (mood < CANCELS) {
      await sleep(random() * 700);
      const path = `/orders/${orderId}/cancel`;
      const cancelled = await shoppers.request({
        path,
        body: { reason: 'changed my mind' },
        role: 'customer',
        key: `cancel ${name}`,
      });
      return { ...story, cancelled };
    }
    if (mood < CANCELS + REFUNDS) {
      const path = `/payments/${orderId}/refund`;
      let refunded: HttpAnswer | undefined;
      for (let tries = 1; tries <= REFUND_TRIES && refunded?.status !== 200; tries += 1) {
        await sleep(random() * 400);
        const key = `refund ${name} ${tries}`;
        refunded = await shoppers.request({ path, body: { reason: 'broken' }, role: 'operator', key });
      }
      return { ...story, ...(refunded && { refunded }) };
    }
    return story;
  };
}
