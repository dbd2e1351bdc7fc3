import pLimit from 'p-limit';
import type { ApiResponse } from '../../api-client.ts';
import { describeProblem, UnexpectedResponse } from '../../errors.ts';
import { type RetryPolicy, TemporaryFailure } from '../../http/retry-policy.ts';
import type { FileItem } from '../file/count-rows.ts';
import type { Sellable } from '../plan.ts';
import type { Shop } from './shop.ts';

const AT_ONCE = 32;
export const ITEMS = '/api/v1/inventory/items';

/** An item as the query API shows it. */
export interface ShopItem {
  readonly productId: string;
  readonly price: { readonly amount: number; readonly currency: string };
  readonly onHand: number;
  readonly reserved: number;
  readonly retired?: boolean;
}

/** Creates missing items; existing ones stay unchanged. `alreadyThere` is their number. */
export async function createItems(
  shop: Shop,
  items: readonly FileItem[],
  { retryPolicy, onItem }: { readonly retryPolicy: RetryPolicy; readonly onItem: () => void },
): Promise<{ readonly sellable: ReadonlyMap<string, Sellable>; readonly alreadyThere: number }> {
  let alreadyThere = 0;
  const sellable = await pLimit(AT_ONCE).map(items, async ({ productId, name, price }) => {
    const answer = await shop.command('POST', ITEMS, {
      productId,
      name,
      price: { amount: price, currency: 'GBP' },
    });
    if (answer.status === 409) alreadyThere++;
    const found = await sellableFrom(answer, () => itemOf(shop, retryPolicy, productId), price);
    onItem();
    return [productId, found] as const;
  });
  return { sellable: new Map(sellable), alreadyThere };
}

async function sellableFrom(
  answer: ApiResponse,
  existing: () => Promise<ShopItem>,
  price: number,
): Promise<Sellable> {
  switch (answer.status) {
    case 201:
      return { amount: price, currency: 'GBP' };
    case 409: {
      const item = await existing();
      return item.retired === true ? { problem: 'it is retired', retired: true } : item.price;
    }
    case 422:
      return { problem: describeProblem(answer.body) };
    default:
      throw new UnexpectedResponse(`POST ${ITEMS}`, answer);
  }
}

/** Returns an existing item; waits while the query API is behind and does not show it yet. */
export function itemOf(shop: Shop, retryPolicy: RetryPolicy, productId: string): Promise<ShopItem> {
  const path = `${ITEMS}/${encodeURIComponent(productId)}`;
  return retryPolicy.retry(async () => {
    const answer = await shop.query(path);
    if (answer.status === 404)
      return new TemporaryFailure(`the query API does not show item ${productId} yet`);
    if (answer.status !== 200) throw new UnexpectedResponse(`GET ${path}`, answer);
    return answer.body as unknown as ShopItem;
  });
}
