import { setTimeout as sleep } from 'node:timers/promises';
import type { HttpResponse } from '../../support/http.ts';
import type { ImpatientClient } from './impatient-client.ts';

/** The responses that a customer got about an order. */
export interface CustomerRecord {
  readonly orderId: string;
  readonly total: number;
  /** The last response to a cancellation; undefined when the customer did not cancel. */
  readonly cancelled?: HttpResponse;
  /** The last response to a refund; undefined when the customer did not ask for one. */
  readonly refunded?: HttpResponse;
}

export interface Products {
  readonly plentiful: readonly string[];
  /** These sell out. */
  readonly scarce: readonly string[];
}

/** Each token as often as it is to occur in 50 orders. */
const TOKENS = [
  ...Array.from({ length: 37 }, () => 'tok_ok'),
  ...Array.from({ length: 6 }, () => 'tok_flaky'),
  ...Array.from({ length: 5 }, () => 'tok_declined'),
  ...Array.from({ length: 2 }, () => 'tok_down'),
];
const CANCEL_RATE = 0.15;
const REFUND_RATE = 0.1;
const MAX_REFUND_ATTEMPTS = 6;

/** Returns a function that places a random order; some orders are cancelled or refunded soon after. */
export function createCustomers(
  client: ImpatientClient,
  { plentiful, scarce }: Products,
  random: () => number,
) {
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item;
  const basket = () => {
    const items = new Map<string, number>();
    for (let lines = 1 + Math.floor(random() * 4); lines > 0; lines -= 1)
      items.set(pick(random() < 0.12 ? scarce : plentiful), 1 + Math.floor(random() * 5));
    return [...items].map(([productId, quantity]) => ({ productId, quantity }));
  };

  return async (name: string): Promise<CustomerRecord> => {
    const placed = await client.send({
      path: '/orders',
      body: { items: basket(), payment: { token: pick(TOKENS) } },
      role: 'customer',
      key: `order ${name}`,
    });
    if (placed.status !== 201)
      throw new TypeError(`${name}: ${placed.status} ${JSON.stringify(placed.body)}`);
    const { orderId, total } = placed.body;
    const record = { orderId, total: total.amount };

    const choice = random();
    if (choice < CANCEL_RATE) {
      await sleep(random() * 700);
      const path = `/orders/${orderId}/cancel`;
      const cancelled = await client.send({
        path,
        body: { reason: 'changed my mind' },
        role: 'customer',
        key: `cancel ${name}`,
      });
      return { ...record, cancelled };
    }
    if (choice < CANCEL_RATE + REFUND_RATE) {
      const path = `/payments/${orderId}/refund`;
      let refunded: HttpResponse | undefined;
      for (let attempt = 1; attempt <= MAX_REFUND_ATTEMPTS && refunded?.status !== 200; attempt += 1) {
        await sleep(random() * 400);
        const key = `refund ${name} ${attempt}`;
        refunded = await client.send({ path, body: { reason: 'broken' }, role: 'operator', key });
      }
      return { ...record, ...(refunded && { refunded }) };
    }
    return record;
  };
}
