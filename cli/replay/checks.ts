import pLimit from 'p-limit';
import { isAtRest, isShipped, type Placed } from './orders.ts';
import type { Plan } from './plan.ts';
import type { Shop } from './shop.ts';
import { itemsOf, type ShopItem } from './stock.ts';

export interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly expected: unknown;
  readonly actual: unknown;
}

/** Units and money of the shipped orders of a replay, as the orders say. */
export interface Sold {
  readonly units: number;
  readonly revenue: number;
}

const AT_ONCE = 16;
const check = (name: string, expected: unknown, actual: unknown): Check => ({
  name,
  ok: JSON.stringify(expected) === JSON.stringify(actual),
  expected,
  actual,
});

export const soldIn = (placed: readonly Placed[]): Sold => {
  const shipped = placed.filter(({ order }) => isShipped(order));
  return {
    units: shipped.reduce(
      (sum, { order }) => sum + order.items.reduce((n, { quantity }) => n + quantity, 0),
      0,
    ),
    revenue: shipped.reduce((sum, { order }) => sum + order.total.amount, 0),
  };
};

/** The books of a replay, all by what the published APIs say. */
export async function checkBooks(shop: Shop, plan: Plan, placed: readonly Placed[]): Promise<Check[]> {
  const items = await itemsOf(shop, plan);
  const sold = soldIn(placed);
  return [
    check('every order is at rest', plan.orders.length, placed.filter(({ order }) => isAtRest(order)).length),
    check('every product is there', plan.items.length, items.size),
    ...(await stockIsAccountedFor(shop, [...items.values()])),
    ...soldIsWhatTheInvoicesSay(items, placed, sold),
    await moneyIsAccountedFor(shop, placed, sold),
  ];
}

/** Received = on hand + shipped, and nothing reserved: product by product, by its movements. */
async function stockIsAccountedFor(shop: Shop, items: readonly ShopItem[]): Promise<Check[]> {
  const limit = pLimit(AT_ONCE);
  const books = await limit.map([...items], async ({ productId, onHand }) => {
    let received = 0;
    let shipped = 0;
    for await (const movement of shop.pages(
      `/api/v1/inventory/items/${encodeURIComponent(productId)}/movements`,
    )) {
      const quantity = Number(movement.quantity);
      if (['StockOpened', 'StockReceived', 'StockAdjusted'].includes(String(movement.type)))
        received += quantity;
      if (movement.type === 'StockCommitted') shipped += quantity;
    }
    return { productId, received, accounted: onHand + shipped };
  });
  const wrong = books.filter(({ received, accounted }) => received !== accounted);
  const reserved = items
    .filter(({ reserved }) => reserved !== 0)
    .map(({ productId, reserved }) => ({ productId, reserved }));
  return [
    check('per product: received = on hand + shipped', [], wrong.slice(0, 10)),
    check('per product: nothing is reserved', [], reserved.slice(0, 10)),
  ];
}

/** What the accepted invoices say at the item prices. */
function soldIsWhatTheInvoicesSay(
  items: Map<string, ShopItem>,
  placed: readonly Placed[],
  sold: Sold,
): Check[] {
  let units = 0;
  let revenue = 0n;
  for (const { planned } of placed.filter(({ order }) => isShipped(order))) {
    for (const { productId, quantity } of planned.items) {
      units += quantity;
      revenue += BigInt(items.get(productId)?.price.amount ?? 0) * BigInt(quantity);
    }
  }
  return [
    check('units of shipped orders = units of the accepted invoices', units, sold.units),
    check('revenue of shipped orders = accepted invoices at the item prices', Number(revenue), sold.revenue),
  ];
}

async function moneyIsAccountedFor(shop: Shop, placed: readonly Placed[], sold: Sold): Promise<Check> {
  const limit = pLimit(AT_ONCE);
  const kept = await limit.map([...placed], async ({ order }) => {
    const { status, body } = await shop.query(`/api/v1/payments/${order.orderId}`);
    // An order that never got as far as paying has no payment: that is no money.
    return status === 200 && body.status === 'captured' ? (body.amount as { amount: number }).amount : 0;
  });
  return check(
    'captured payments − refunds = revenue',
    sold.revenue,
    kept.reduce((sum, amount) => sum + amount, 0),
  );
}
