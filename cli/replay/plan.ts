import { MAX_UNITS } from './file/check-row.ts';
import type { CountedInvoice } from './file/count-rows.ts';
import type { NamedRow } from './file/rows.ts';
import { orderDigest } from './shop/replay-marks.ts';

/** The price of an item in minor units, or why it cannot be ordered. */
export type Sellable =
  | { readonly amount: number; readonly currency: string }
  | { readonly problem: string; readonly retired?: true };

export interface PlannedOrder {
  readonly invoice: string;
  readonly customerId: string;
  /** Sorted by product id, so that the order of lines does not change the digest. */
  readonly items: readonly { readonly productId: string; readonly quantity: number }[];
  /** Lines of the file that count, before the same code twice is added up. */
  readonly rows: readonly number[];
  /** Hash of invoice, customer and items; the idempotency key contains it. */
  readonly digest: string;
}

/** An invoice that cannot be one order, and why. */
export interface LeftOut {
  readonly order: PlannedOrder;
  readonly problem: string;
}

const MAX_PRODUCTS = 1_000;

/** Plans an order for each invoice that can be one order; `leftOut` are the other invoices. */
export function planOrders(sales: readonly CountedInvoice[], sellable: ReadonlyMap<string, Sellable>) {
  const orders: PlannedOrder[] = [];
  const leftOut: LeftOut[] = [];
  for (const sale of sales) {
    const order = orderOf(sale);
    const problem = problemOf(order, sellable);
    if (problem === undefined) orders.push(order);
    else leftOut.push({ order, problem });
  }
  return { orders, leftOut };
}

/** Describes the rows of an invoice that was left out: the first is bad, the others are skipped and point to it. */
export function rowsLeftOut({ order: { invoice, rows }, problem }: LeftOut) {
  const [line = 0, ...others] = rows;
  const reason = `no order can hold invoice ${invoice}: see line ${line}`;
  const bad: NamedRow = { line, reason: `invoice ${invoice} ${problem}` };
  return { bad, skipped: others.map((other): NamedRow => ({ line: other, reason })) };
}

function orderOf({ invoice, customerId, lines }: CountedInvoice): PlannedOrder {
  const quantities = new Map<string, number>();
  for (const { productId, quantity } of lines)
    quantities.set(productId, (quantities.get(productId) ?? 0) + quantity);
  const items = [...quantities]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([productId, quantity]) => ({ productId, quantity }));
  return {
    invoice,
    customerId,
    items,
    rows: lines.map(({ line }) => line),
    digest: orderDigest({ invoice, customerId, items }),
  };
}

/** Returns why an invoice cannot be one order; undefined when it can. */
function problemOf({ items }: PlannedOrder, sellable: ReadonlyMap<string, Sellable>): string | undefined {
  if (items.length > MAX_PRODUCTS)
    return `has ${items.length} products: an order has at most ${MAX_PRODUCTS}`;
  const currencies = new Set<string>();
  let total = 0n;
  for (const { productId, quantity } of items) {
    if (quantity > MAX_UNITS)
      return `adds up to ${quantity} of ${productId}: an order has at most ${MAX_UNITS} of a product`;
    const price: Sellable = sellable.get(productId) ?? { problem: 'the shop does not have it' };
    if ('problem' in price) return `orders ${productId}: ${price.problem}`;
    currencies.add(price.currency);
    total += BigInt(quantity) * BigInt(price.amount);
  }
  if (currencies.size > 1)
    return `has items in ${[...currencies].sort().join(' and ')}: an order has one currency`;
  if (total > BigInt(Number.MAX_SAFE_INTEGER))
    return `adds up to ${total} in minor units: an order has at most ${Number.MAX_SAFE_INTEGER}`;
  return undefined;
}
