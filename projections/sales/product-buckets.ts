import type { Lookup } from '../projection.ts';
import type { Booking } from './booking.ts';
import {
  type OrderedLines,
  ofKind,
  type ProductSold,
  type SalesBody,
  type ShelfSales,
  shelfId,
  shelfOf,
} from './document.ts';
import { nothing, plus, signed } from './sales-figures.ts';

type Line = OrderedLines['lines'][number];

/** The documents of the shelves on which the lines' products stand, with these lines booked. */
export function shelvesWith(
  lookup: Lookup<SalesBody>,
  { day, amount: { currency }, sign }: Booking,
  lines: readonly Line[],
): [string, ShelfSales][] {
  const byShelf = new Map<number, Line[]>();
  for (const line of lines) {
    const shelf = shelfOf(line.productId);
    byShelf.set(shelf, [...(byShelf.get(shelf) ?? []), line]);
  }
  return [...byShelf].map(([shelf, itsLines]) => {
    const id = shelfId(day, currency, shelf);
    const before = ofKind('products', lookup(id))?.products ?? [];
    return [id, { kind: 'products', shelf, day, currency, products: withLines(before, itsLines, sign) }];
  });
}

function withLines(before: readonly ProductSold[], lines: readonly Line[], sign: 1 | -1): ProductSold[] {
  const products = new Map(before.map((product) => [product.productId, product]));
  for (const { productId, name, units, amount } of lines) {
    const by = { orders: sign, units: sign * units, amount: signed(sign, amount) };
    products.set(productId, { productId, name, ...plus(products.get(productId) ?? nothing, by) });
  }
  return [...products.values()].sort((a, b) => (a.productId < b.productId ? -1 : 1));
}
