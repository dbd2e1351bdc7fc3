import pLimit from 'p-limit';
import { UnexpectedResponse } from '../../errors.ts';
import { ITEMS } from './items.ts';
import { receiptRequestId } from './replay-marks.ts';
import type { Shop } from './shop.ts';

const AT_ONCE = 32;

export interface RequiredStock {
  readonly productId: string;
  readonly quantity: number;
}

type Orders = readonly { readonly items: readonly RequiredStock[] }[];

/**
 * Returns the total receipts of each product over all replays: `ceil(factor × ordered)` plus the quantities of earlier
 * orders of the same invoices.
 */
export function requiredStock(orders: Orders, earlier: Orders, stockFactor: number): RequiredStock[] {
  const ordered = unitsPerProduct(orders);
  const taken = unitsPerProduct(earlier);
  return [...new Set([...ordered.keys(), ...taken.keys()])].map((productId) => ({
    productId,
    quantity: Math.ceil(stockFactor * (ordered.get(productId) ?? 0)) + (taken.get(productId) ?? 0),
  }));
}

function unitsPerProduct(orders: Orders): Map<string, number> {
  const units = new Map<string, number>();
  for (const { productId, quantity } of orders.flatMap(({ items }) => items))
    units.set(productId, (units.get(productId) ?? 0) + quantity);
  return units;
}

/** Receives the quantities that receipts of earlier replays do not cover. */
export async function receiveStock(
  shop: Shop,
  wanted: readonly RequiredStock[],
  { received, onProduct }: { readonly received: ReadonlyMap<string, number>; readonly onProduct: () => void },
): Promise<void> {
  await pLimit(AT_ONCE).map(wanted, async ({ productId, quantity }) => {
    const covered = received.get(productId) ?? 0;
    if (quantity > covered) {
      const path = `${ITEMS}/${encodeURIComponent(productId)}/receipts`;
      // The key contains the quantity received so far, so two concurrent replays receive it once.
      const key = `replay-receipt-${productId}-after-${covered}`;
      const body = { quantity: quantity - covered };
      const answer = await shop.command('POST', path, body, { key, requestId: receiptRequestId });
      if (answer.status !== 200) throw new UnexpectedResponse(`POST ${path}`, answer);
    }
    onProduct();
  });
}
