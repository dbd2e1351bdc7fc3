import { isDeepStrictEqual } from 'node:util';
import pLimit from 'p-limit';
import type { RetryPolicy } from '../../http/retry-policy.ts';
import type { Sellable } from '../plan.ts';
import { ITEMS, itemOf, type ShopItem } from '../shop/items.ts';
import type { Placed } from '../shop/orders.ts';
import type { Shop } from '../shop/shop.ts';
import { isAtRest, isShipped, type ShopOrder } from '../shop/shop-order.ts';
import { type Amount, sumByCurrency } from './amounts.ts';

export interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly expected: unknown;
  readonly actual: unknown;
}

/** What a replay did: the products of its file, its orders, and earlier orders of the same invoices. */
export interface Replayed {
  readonly sellable: ReadonlyMap<string, Sellable>;
  readonly placed: readonly Placed[];
  readonly earlier: readonly ShopOrder[];
}

/** Units and money of shipped orders. */
interface Sold {
  readonly units: number;
  readonly revenues: readonly Amount[];
}

const AT_ONCE = 16;
const check = (name: string, expected: unknown, actual: unknown): Check => ({
  name,
  ok: isDeepStrictEqual(expected, actual),
  expected,
  actual,
});

export function soldIn(orders: readonly ShopOrder[]): Sold {
  const shipped = orders.filter(isShipped);
  return {
    units: unitsOf(shipped.flatMap(({ items }) => items)),
    revenues: sumByCurrency(shipped.map(({ total }) => total)),
  };
}

const unitsOf = (lines: readonly { readonly quantity: number }[]): number =>
  lines.reduce((sum, { quantity }) => sum + quantity, 0);

/** Reconciles orders, stock and money of a replay, through the published APIs only. */
export async function reconcile(shop: Shop, retryPolicy: RetryPolicy, replayed: Replayed): Promise<Check[]> {
  const productIds = [...replayed.sellable].flatMap(([id, item]) => (isRejected(item) ? [] : [id]));
  const items = await pLimit(AT_ONCE).map(productIds, (id) => itemOf(shop, retryPolicy, id));
  const orders = [...replayed.placed.map(({ order }) => order), ...replayed.earlier];
  const sold = soldIn(orders);
  return [
    check('every order is at rest', orders.length, orders.filter(isAtRest).length),
    check('every product is there', productIds.length, items.length),
    ...(await checkStock(shop, items)),
    ...checkSales(items, replayed, sold),
    await checkMoney(shop, orders, sold),
  ];
}

/** The shop rejected this product, so there is nothing to reconcile. A retired product was not rejected. */
const isRejected = (item: Sellable): boolean => 'problem' in item && item.retired !== true;

/** Per product, by its movements: received = on hand + shipped, and nothing is reserved. */
async function checkStock(shop: Shop, items: readonly ShopItem[]): Promise<Check[]> {
  const products = await pLimit(AT_ONCE).map(items, async ({ productId, onHand }) => {
    let received = 0;
    let shipped = 0;
    for await (const movement of shop.pages(`${ITEMS}/${encodeURIComponent(productId)}/movements`)) {
      const quantity = Number(movement.quantity);
      if (['StockOpened', 'StockReceived', 'StockAdjusted'].includes(String(movement.type)))
        received += quantity;
      if (movement.type === 'StockCommitted') shipped += quantity;
    }
    return { productId, received, accounted: onHand + shipped };
  });
  const wrong = products.filter(({ received, accounted }) => received !== accounted);
  const reserved = items
    .filter(({ reserved }) => reserved !== 0)
    .map(({ productId, reserved }) => ({ productId, reserved }));
  return [
    check('per product: received = on hand + shipped', [], wrong.slice(0, 10)),
    check('per product: nothing is reserved', [], reserved.slice(0, 10)),
  ];
}

/** Compares shipped orders with the accepted invoices at item prices; earlier orders count with their own lines. */
function checkSales(items: readonly ShopItem[], { placed, earlier }: Replayed, sold: Sold): Check[] {
  const prices = new Map(items.map(({ productId, price }) => [productId, price]));
  const accepted = placed.filter(({ order }) => isShipped(order)).flatMap(({ planned }) => planned.items);
  const before = earlier.filter(isShipped).flatMap(({ items }) => items);
  const amounts = [
    ...accepted.map(({ productId, quantity }) => {
      const { amount, currency } = prices.get(productId) ?? { amount: 0, currency: 'GBP' };
      return { amount: BigInt(amount) * BigInt(quantity), currency };
    }),
    ...before.map(({ lineTotal }) => lineTotal),
  ];
  return [
    check(
      'units of shipped orders = units of the accepted invoices',
      unitsOf([...accepted, ...before]),
      sold.units,
    ),
    check(
      'revenue of shipped orders = accepted invoices at the item prices',
      sumByCurrency(amounts),
      sold.revenues,
    ),
  ];
}

async function checkMoney(shop: Shop, orders: readonly ShopOrder[], sold: Sold): Promise<Check> {
  const kept = await pLimit(AT_ONCE).map(orders, async ({ orderId }) => {
    const { status, body } = await shop.query(`/api/v1/payments/${orderId}`);
    // An order that ended before payment has no payment: no money was captured.
    return status === 200 && body.status === 'captured' ? [body.amount as Amount] : [];
  });
  return check('captured payments − refunds = revenue', sold.revenues, sumByCurrency(kept.flat()));
}
