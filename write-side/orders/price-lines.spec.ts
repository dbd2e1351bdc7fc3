import { describe, expect, it, vi } from 'vitest';
import { type ProductId, productId } from '../../domain/kernel/ids.ts';
import { money } from '../../domain/kernel/money.ts';
import type { ExistingProduct } from '../../domain/product/state.ts';
import type { PriceCache } from '../items/price-cache.ts';
import { priceLines } from './price-lines.ts';

const product = (id: ProductId): ExistingProduct => ({
  status: 'created',
  productId: id,
  name: id,
  price: money(250, 'GBP'),
  description: null,
  imageUrl: null,
  openingQuantity: 0,
});
const named = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, n) => ({ productId: productId(`${prefix}${n}`), quantity: 1 }));

/** Returns an empty price cache. Products whose ids begin with `no` do not exist. */
function emptyCache() {
  const find = vi.fn(async (id: ProductId) => (id.startsWith('no') ? undefined : product(id)));
  return { find, prices: { cached: () => undefined, find } as unknown as PriceCache };
}

describe('pricing the lines of an order', () => {
  it('prices all of a thousand products', async () => {
    const { prices, find } = emptyCache();
    const lines = await priceLines(named('mug', 1_000), prices);
    expect(lines.map((line) => line.productId)).toEqual(named('mug', 1_000).map((item) => item.productId));
    expect(find).toHaveBeenCalledTimes(1_000);
  });

  it('reads only a few of a thousand unknown products, and names these', async () => {
    const { prices, find } = emptyCache();
    const error = await priceLines(named('no', 1_000), prices).catch((thrown: unknown) => thrown);
    expect(find).toHaveBeenCalledTimes(32);
    expect(error).toMatchObject({ name: 'InvalidBody' });
    const { errors } = error as { readonly errors: readonly { readonly path: string }[] };
    expect(errors.map(({ path }) => path)).toEqual(named('no', 32).map((_, n) => `items.${n}.productId`));
  });

  it('names an unknown product after many known ones', async () => {
    const { prices } = emptyCache();
    await expect(priceLines([...named('mug', 100), ...named('no', 1)], prices)).rejects.toMatchObject({
      errors: [{ path: 'items.100.productId', message: 'there is no product "no0"' }],
    });
  });
});
