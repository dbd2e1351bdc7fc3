import pLimit from 'p-limit';
import type { ProductId } from '../../domain/kernel/ids.ts';
import type { PlaceOrder } from '../../domain/order/commands.ts';
import type { ExistingProduct } from '../../domain/product/state.ts';
import { type InputError, InvalidBody } from '../../platform/http/response/errors.ts';
import type { PriceCache } from '../items/price-cache.ts';

/** Maximum number of distinct products of an order. */
export const MAX_PRODUCTS = 1_000;
/** Maximum number of units of one product in an order. */
export const MAX_QUANTITY = 1_000_000;

/** An item of the request body. */
export interface OrderItem {
  readonly productId: ProductId;
  readonly quantity: number;
}

/** The items of one product, added up. */
interface ProductItem extends OrderItem {
  /** Index of its first item in the body. */
  readonly at: number;
}

const PARALLEL_READS = 32;
/** Limits the reads of all orders together. */
const limitReads = pLimit(PARALLEL_READS);

/**
 * Returns the lines of an order: each product once, at its current price. Throws `InvalidBody` for unknown or retired
 * products (naming the first ones), and for too many products or units.
 */
export async function priceLines(
  items: readonly OrderItem[],
  prices: PriceCache,
): Promise<PlaceOrder['lines']> {
  const products = addUp(items);
  const found = await findProducts(products, prices);
  const errors: InputError[] = [];
  const lines: PlaceOrder['lines'][number][] = [];
  for (const { productId, quantity, at } of products) {
    if (!found.has(productId)) continue;
    const product = found.get(productId);
    const path = `items.${at}.productId`;
    const id = JSON.stringify(productId);
    if (product === undefined) errors.push({ path, message: `there is no product ${id}` });
    else if (product.status === 'retired')
      errors.push({ path, message: `product ${id} is retired and cannot be ordered` });
    else lines.push({ productId, name: product.name, quantity, unitPrice: product.price });
  }
  if (errors.length > 0) throw new InvalidBody(errors);
  return lines;
}

/**
 * Returns the products by id, undefined for unknown ones. Stops reading after the first unknown product, since an order of
 * a thousand invented products must not cost a thousand reads.
 */
async function findProducts(
  products: readonly ProductItem[],
  prices: PriceCache,
): Promise<ReadonlyMap<ProductId, ExistingProduct | undefined>> {
  const found = new Map<ProductId, ExistingProduct | undefined>();
  const toRead: ProductId[] = [];
  for (const { productId } of products) {
    const cached = prices.cached(productId);
    if (cached === undefined) toRead.push(productId);
    else found.set(productId, cached);
  }
  for (let from = 0; from < toRead.length; from += PARALLEL_READS) {
    const some = toRead.slice(from, from + PARALLEL_READS);
    const read = await Promise.all(some.map((productId) => limitReads(() => prices.find(productId))));
    for (const [index, productId] of some.entries()) found.set(productId, read[index]);
    if (read.includes(undefined)) break;
  }
  return found;
}

/** Adds up the quantities of each product. Throws `InvalidBody` for too many products or units. */
function addUp(items: readonly OrderItem[]): readonly ProductItem[] {
  const products = new Map<ProductId, ProductItem>();
  for (const [at, { productId, quantity }] of items.entries()) {
    const before = products.get(productId);
    products.set(productId, {
      productId,
      quantity: quantity + (before?.quantity ?? 0),
      at: before?.at ?? at,
    });
  }
  if (products.size > MAX_PRODUCTS) {
    const message = `${products.size} products: an order has at most ${MAX_PRODUCTS}`;
    throw new InvalidBody([{ path: 'items', message }]);
  }
  const errors = [...products.values()]
    .filter(({ quantity }) => quantity > MAX_QUANTITY)
    .map(({ productId, at, quantity }) => ({
      path: `items.${at}.quantity`,
      message: `${productId} adds up to ${quantity}: an order has at most ${MAX_QUANTITY} of a product`,
    }));
  if (errors.length > 0) throw new InvalidBody(errors);
  return [...products.values()];
}
