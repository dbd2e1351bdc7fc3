import pLimit from 'p-limit';
import type { ProductId } from '../../domain/kernel/ids.ts';
import { AmountTooLarge, type Money, sum, times } from '../../domain/kernel/money.ts';
import type { PlaceOrder } from '../../domain/order/commands.ts';
import type { ExistingProduct } from '../../domain/product/state.ts';
import { type InputError, InvalidBody } from '../../platform/http/response/errors.ts';
import { maxOrdered } from '../inputs.ts';
import type { Prices } from './prices.ts';

export const maxProducts = 1_000;

/** One product of an order as it was asked for; `at` is its first place in the body. */
interface Wanted {
  readonly productId: ProductId;
  readonly quantity: number;
  readonly at: number;
}

type Line = PlaceOrder['lines'][number];

const READS_AT_ONCE = 32;
const readsAtOnce = pLimit(READS_AT_ONCE);

/**
 * Returns the lines of an order: each product once, at its current price. Throws `InvalidBody` for unknown or retired
 * products (naming the first ones), for prices in several currencies, and for totals beyond 2^53−1.
 */
export async function priceLines(
  items: readonly { readonly productId: ProductId; readonly quantity: number }[],
  prices: Prices,
): Promise<readonly Line[]> {
  const wanted = addedUp(items);
  const found = await productsOf(wanted, prices);
  const errors: InputError[] = [];
  const lines: Line[] = [];
  const totals: Money[] = [];
  for (const { productId, quantity, at } of wanted) {
    const product = found.get(productId);
    const first = lines[0]?.unitPrice.currency;
    if (product === undefined && !found.has(productId)) continue;
    if (product === undefined) {
      errors.push({
        path: `items.${at}.productId`,
        message: `there is no product ${JSON.stringify(productId)}`,
      });
    } else if (product.status === 'retired') {
      errors.push({
        path: `items.${at}.productId`,
        message: `product ${JSON.stringify(productId)} is retired and cannot be ordered`,
      });
    } else if (first !== undefined && product.price.currency !== first) {
      const message = `${productId} is priced in ${product.price.currency}, the products before it in ${first}`;
      errors.push({ path: `items.${at}.productId`, message });
    } else {
      lines.push({ productId, name: product.name, quantity, unitPrice: product.price });
      const total = exactly(() => times(product.price, quantity));
      if (total === undefined)
        errors.push({ path: `items.${at}.quantity`, message: `${productId}: ${tooLarge}` });
      else totals.push(total);
    }
  }
  const [first, ...others] = totals;
  if (errors.length === 0 && first !== undefined && exactly(() => sum([first, ...others])) === undefined)
    errors.push({ path: 'items', message: `the order: ${tooLarge}` });
  if (errors.length > 0) throw new InvalidBody(errors);
  return lines;
}

/**
 * Products by their ids, undefined for those that do not exist. As soon as there is one of those no more are read: an order of a
 * thousand products that somebody made up must not cost a thousand reads.
 */
async function productsOf(
  wanted: readonly Wanted[],
  prices: Prices,
): Promise<ReadonlyMap<ProductId, ExistingProduct | undefined>> {
  const found = new Map<ProductId, ExistingProduct | undefined>();
  const toRead: ProductId[] = [];
  for (const { productId } of wanted) {
    const known = prices.known(productId);
    if (known === undefined) toRead.push(productId);
    else found.set(productId, known);
  }
  for (let from = 0; from < toRead.length; from += READS_AT_ONCE) {
    const some = toRead.slice(from, from + READS_AT_ONCE);
    const read = await Promise.all(some.map((productId) => readsAtOnce(() => prices.find(productId))));
    for (const [index, productId] of some.entries()) found.set(productId, read[index]);
    if (read.includes(undefined)) break;
  }
  return found;
}

const tooLarge = 'the total is beyond 2^53-1';

/** The same product twice is added up. Throws `InvalidBody`. */
function addedUp(items: readonly { readonly productId: ProductId; readonly quantity: number }[]): Wanted[] {
  const wanted = new Map<ProductId, Wanted>();
  for (const [at, { productId, quantity }] of items.entries()) {
    const before = wanted.get(productId);
    wanted.set(productId, { productId, quantity: quantity + (before?.quantity ?? 0), at: before?.at ?? at });
  }
  if (wanted.size > maxProducts) {
    const message = `${wanted.size} products: an order has at most ${maxProducts}`;
    throw new InvalidBody([{ path: 'items', message }]);
  }
  const errors = [...wanted.values()]
    .filter(({ quantity }) => quantity > maxOrdered)
    .map(({ productId, at, quantity }) => ({
      path: `items.${at}.quantity`,
      message: `${productId} adds up to ${quantity}: an order has at most ${maxOrdered} of a product`,
    }));
  if (errors.length > 0) throw new InvalidBody(errors);
  return [...wanted.values()];
}

function exactly(work: () => Money): Money | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof AmountTooLarge) return undefined;
    throw error;
  }
}
