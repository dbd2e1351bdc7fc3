import { hashOf } from '../../domain/kernel/hash.ts';
import type { Lookup } from '../projection.ts';
import type { Booking } from './booking.ts';
import {
  bucketId,
  type OrderedLines,
  ofKind,
  type ProductBucket,
  type ProductSales,
  type SalesBody,
} from './document.ts';
import { addSales, noSales, signed } from './sales-figures.ts';

/**
 * A capture names its order and no products, so the products whose sales it changes are unknown before the order's lines
 * are loaded. Sales of products are therefore stored in a fixed number of buckets: few enough to load all of them, many
 * enough that an order rewrites only a part of the day's sales. Raise the version of the read model to change the number.
 */
export const BUCKETS = 64;

/** Returns the bucket of a product, from a hash of its id. */
export const bucketOf = (productId: string): number => hashOf(productId) % BUCKETS;

/** Returns the ids of all buckets of a day and currency. */
export const bucketIds = (day: string, currency: string): string[] =>
  Array.from({ length: BUCKETS }, (_, bucket) => bucketId(day, currency, bucket));

type Line = OrderedLines['lines'][number];

/** Returns the buckets that change when the lines of an order are booked, by id. */
export function bookInBuckets(
  lookup: Lookup<SalesBody>,
  { day, amount: { currency }, sign }: Booking,
  lines: readonly Line[],
): [string, ProductBucket][] {
  const byBucket = new Map<number, Line[]>();
  for (const line of lines) {
    const bucket = bucketOf(line.productId);
    byBucket.set(bucket, [...(byBucket.get(bucket) ?? []), line]);
  }
  return [...byBucket].map(([bucket, itsLines]) => {
    const id = bucketId(day, currency, bucket);
    const products = addLines(ofKind('products', lookup(id))?.products ?? [], itsLines, sign);
    return [id, { kind: 'products', shelf: bucket, day, currency, products }];
  });
}

function addLines(before: readonly ProductSales[], lines: readonly Line[], sign: 1 | -1): ProductSales[] {
  const products = new Map(before.map((product) => [product.productId, product]));
  for (const { productId, name, units, amount } of lines) {
    const more = { orders: sign, units: sign * units, amount: signed(sign, amount) };
    products.set(productId, { productId, name, ...addSales(products.get(productId) ?? noSales, more) });
  }
  return [...products.values()].sort((a, b) => (a.productId < b.productId ? -1 : 1));
}
