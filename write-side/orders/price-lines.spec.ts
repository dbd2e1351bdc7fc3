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
  openingQuantity: 0,
});
const named = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, n) => ({ productId: productId(`${prefix}${n}`), quantity: 1 }));

/** Prices that are all to be read; what begins with `no` is not there. */
function toBeRead() {
  const find = vi.fn(async (id: ProductId) => (id.startsWith('no') ? undefined : product(id)));
  return { find, prices: { cached: () => undefined, find } as unknown as PriceCache };
}

describe('the lines of an order', () => {
  it('of a thousand products are all priced', async () => {
    const { prices, find } = toBeRead();
    const lines = await priceLines(named('mug', 1_000), prices);
    expect(lines.map((line) => line.productId)).toEqual(named('mug', 1_000).map((item) => item.productId));
    expect(find).toHaveBeenCalledTimes(1_000);
  });

  it('of a thousand made-up products cost few reads, and name the first of them', async () => {
    const { prices, find } = toBeRead();
    const error = await priceLines(named('no', 1_000), prices).catch((thrown: unknown) => thrown);
    expect(find).toHaveBeenCalledTimes(32);
    expect(error).toMatchObject({ name: 'InvalidBody' });
    const { errors } = error as { readonly errors: readonly { readonly path: string }[] };
    expect(errors.map(({ path }) => path)).toEqual(named('no', 32).map((_, n) => `items.${n}.productId`));
  });

  it('names what is unknown behind many that are not', async () => {
    const { prices } = toBeRead();
    await expect(priceLines([...named('mug', 100), ...named('no', 1)], prices)).rejects.toMatchObject({
      errors: [{ path: 'items.100.productId', message: 'there is no product "no0"' }],
    });
  });
});
