import pLimit from 'p-limit';
import type { Plan, PlannedItem } from './plan.ts';
import { type Shop, UnexpectedAnswer } from './shop.ts';

const AT_ONCE = 32;
const ITEMS = '/api/v1/inventory/items';

/** An item as the shop has it: the one created, or the one that was there before. */
export interface ShopItem {
  readonly productId: string;
  readonly price: { readonly amount: number; readonly currency: string };
  readonly onHand: number;
  readonly reserved: number;
}

/** Creates what the shop does not have yet, and receives stock of ceil(factor × ordered), once per file. */
export async function stockTheShop(
  shop: Shop,
  plan: Plan,
  options: { readonly stockFactor: number; readonly onItem: () => void },
): Promise<void> {
  const limit = pLimit(AT_ONCE);
  await limit.map(plan.items, async (item) => {
    await create(shop, item);
    await receive(shop, plan, item, Math.ceil(options.stockFactor * item.ordered));
    options.onItem();
  });
}

async function create(shop: Shop, { productId, name, price }: PlannedItem): Promise<void> {
  const { status, body } = await shop.command('POST', ITEMS, {
    productId,
    name,
    price: { amount: price, currency: 'GBP' },
  });
  if (status !== 201 && status !== 409) throw new UnexpectedAnswer(`POST ${ITEMS}`, status, body);
}

async function receive(shop: Shop, plan: Plan, { productId }: PlannedItem, quantity: number): Promise<void> {
  if (quantity === 0) return;
  const path = `${ITEMS}/${encodeURIComponent(productId)}/receipts`;
  const { status, body } = await shop.command(
    'POST',
    path,
    { quantity },
    `replay-${plan.digest}-${productId}-${quantity}`,
  );
  if (status !== 200) throw new UnexpectedAnswer(`POST ${path}`, status, body);
}

/** The items of the plan as the query API shows them. */
export async function itemsOf(shop: Shop, plan: Plan): Promise<Map<string, ShopItem>> {
  const wanted = new Set(plan.items.map(({ productId }) => productId));
  const found = new Map<string, ShopItem>();
  for await (const item of shop.pages(ITEMS)) {
    if (wanted.has(String(item.productId))) found.set(String(item.productId), item as unknown as ShopItem);
  }
  return found;
}
