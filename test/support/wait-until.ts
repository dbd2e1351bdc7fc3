import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { call } from './http.ts';
import type { Levels, Shop } from './shop.ts';
import type { System } from './system.ts';

const LIMIT_MS = 90_000;

/** Asks until the answer is as it should be, and answers it; fails with what it saw last. */
export async function until<Answer>(
  what: string,
  ask: () => Promise<Answer>,
  holds: (answer: Answer) => boolean,
): Promise<Answer> {
  const deadline = Date.now() + LIMIT_MS;
  for (;;) {
    const answer = await ask();
    if (holds(answer)) return answer;
    if (Date.now() > deadline) throw new Error(`${what}: in vain; last seen ${JSON.stringify(answer)}`);
    await sleep(20);
  }
}

/** Asks the query API until the order has this status, and answers it. */
export async function untilStatus(
  system: Pick<System, 'queryUrl' | 'token'>,
  orderId: string,
  status: string,
) {
  const { body } = await until(
    `order ${orderId} is to be ${status}`,
    () => call('GET', `${system.queryUrl}/api/v1/orders/${orderId}`, { token: system.token('operator') }),
    ({ body }) => body?.status === status,
  );
  return body;
}

/**
 * Asks the query API until it shows this stock of a product; fails with what it saw last. Items are another read
 * model than orders: when an order is seen to be done, its items may be a moment behind.
 */
export async function untilLevels(shop: Pick<Shop, 'levels'>, productId: string, levels: Levels) {
  await until(
    `${productId} is to be at ${JSON.stringify(levels)}`,
    () => shop.levels(productId),
    (seen) => isDeepStrictEqual(seen, levels),
  );
}
