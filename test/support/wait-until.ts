import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { call } from './http.ts';
import type { System } from './system.ts';

const LIMIT_MS = 90_000;

/** Stock of an item; without fields while the read model does not have the item yet. */
export interface StockLevels {
  readonly onHand?: number;
  readonly reserved?: number;
  readonly available?: number;
}

/** Polls until the value is as expected, and returns it. Throws after 90 s with the expectation and the last value. */
export async function waitUntil<Value>(
  expectation: string,
  read: () => Promise<Value>,
  isExpected: (value: Value) => boolean,
): Promise<Value> {
  const deadline = Date.now() + LIMIT_MS;
  for (;;) {
    const value = await read();
    if (isExpected(value)) return value;
    if (Date.now() > deadline)
      throw new Error(`${expectation}: not within ${LIMIT_MS} ms; last value ${JSON.stringify(value)}`);
    await sleep(20);
  }
}

/** Polls the query API until the order has this status; returns the order. */
export async function waitForStatus(
  system: Pick<System, 'queryUrl' | 'token'>,
  orderId: string,
  status: string,
) {
  const { body } = await waitUntil(
    `order ${orderId} is ${status}`,
    () => call('GET', `${system.queryUrl}/api/v1/orders/${orderId}`, { token: system.token('operator') }),
    ({ body }) => body?.status === status,
  );
  return body;
}

/** Polls the query API until it shows this stock. The read model of items may be behind that of orders. */
export async function waitForStock(
  shop: { readonly stockLevels: (productId: string) => Promise<StockLevels> },
  productId: string,
  expected: StockLevels,
) {
  await waitUntil(
    `the stock of ${productId} is ${JSON.stringify(expected)}`,
    () => shop.stockLevels(productId),
    (stock) => isDeepStrictEqual(stock, expected),
  );
}

/** Waits until the timeline of an order has an event of this type. */
export async function waitForTimelineEvent(
  shop: { readonly timelineTypes: (orderId: string) => Promise<string[]> },
  orderId: string,
  type: string,
): Promise<void> {
  await waitUntil(
    `the timeline of order ${orderId} has ${type}`,
    () => shop.timelineTypes(orderId),
    (types) => types.includes(type),
  );
}
