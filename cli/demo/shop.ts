import pLimit from 'p-limit';
import type { Cli } from '../cli.ts';
import { CommandFailed, exitCodes } from '../errors.ts';
import { failureOf } from '../http/problems.ts';
import type { Order } from '../orders/order.ts';
import { type DemoOrder, demoOrders, signatureOf } from './orders.ts';
import { type DemoProduct, demoProducts } from './products.ts';
import { cancelOrder, createProduct, placeOrder } from './requests.ts';

/** Requests at the same time: few, so that other callers are served too. */
const CONCURRENCY = 8;

interface ListedItem {
  readonly productId: string;
  readonly name: string;
}

/**
 * Returns the ids of demo products that exist already. Throws `CommandFailed` when the shop has other items, or the whole
 * demo.
 */
export async function checkEmpty(cli: Cli): Promise<ReadonlySet<string>> {
  const existing = await pages<ListedItem>(cli, '/api/v1/inventory/items', { retired: 'any' });
  const names = new Map(demoProducts.map(({ productId, name }) => [productId, name]));
  const other = existing.filter(({ productId, name }) => names.get(productId) !== name);
  if (other.length > 0)
    throw refused(
      `the shop at ${cli.client.server} has items: ${other
        .slice(0, 3)
        .map(({ productId }) => productId)
        .join(', ')}${other.length > 3 ? `, and ${other.length - 3} more` : ''}`,
    );
  if (existing.length === demoProducts.length)
    throw refused(`the shop at ${cli.client.server} has the demo already`);
  return new Set(existing.map(({ productId }) => productId));
}

const refused = (reason: string) =>
  new CommandFailed(
    exitCodes.refused,
    `${reason}\nThe demo fills an empty shop only. To start one: DATA_DIR=./demo-data npm start`,
  );

/** Creates the products that are missing. */
export async function createProducts(
  cli: Cli,
  products: readonly DemoProduct[],
  existing: ReadonlySet<string>,
): Promise<void> {
  const missing = products.filter(({ productId }) => !existing.has(productId));
  await inParallel(missing, async (product) => {
    const request = createProduct(product);
    const answer = await cli.client.answerTo(request);
    // 409: an earlier run created it, and the read model does not show it yet.
    if (answer.status !== 201 && answer.status !== 409) throw failureOf(`POST ${request.path}`, answer);
  });
}

/** Places the orders that earlier runs have not placed. Orders that are to be cancelled are cancelled at once. */
export async function placeOrders(cli: Cli, orders: readonly DemoOrder[]): Promise<void> {
  const placed = await ordersOf(cli);
  await inParallel(
    orders.filter((order) => !placed.has(signatureOf(order))),
    async (order) => {
      const { orderId } = (await cli.change(placeOrder(order))).body as Order;
      if (order.target !== 'cancelled') return;
      // 409: the parcel was faster.
      const answer = await cli.client.answerTo(cancelOrder(orderId));
      if (answer.status !== 200 && answer.status !== 409) throw failureOf(`cancel ${orderId}`, answer);
    },
  );
}

/** Returns the demo orders of the shop by their signature. */
export async function ordersOf(cli: Cli): Promise<ReadonlyMap<string, Order>> {
  const known = new Set(demoOrders.map(signatureOf));
  const all = await pages<Order>(cli, '/api/v1/orders', {});
  return new Map(
    all.map((order) => [signatureOf(order), order] as const).filter(([signature]) => known.has(signature)),
  );
}

async function pages<Row>(cli: Cli, path: string, query: Record<string, string>): Promise<Row[]> {
  const found: Row[] = [];
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const { items, next } = (await cli.get(path, { ...query, limit: 200, cursor })).body as {
      readonly items: readonly Row[];
      readonly next: string | null;
    };
    found.push(...items);
    cursor = next;
  }
  return found;
}

/** Runs work on all of a list, some at a time. */
export async function inParallel<Item>(
  items: readonly Item[],
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const limit = pLimit(CONCURRENCY);
  await Promise.all(items.map((item) => limit(work, item)));
}
