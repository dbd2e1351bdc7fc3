import type { Sold } from './sold.ts';

/** A day in one currency. */
interface OfDay {
  /** UTC, e.g. `2010-12-01`. */
  readonly date: string;
  readonly currency: string;
}

/**
 * What was sold on a day, in one currency: captured on that day, less what was refunded on it, whenever that had been
 * captured.
 */
export interface DaySales extends OfDay, Sold {
  readonly kind: 'day';
}

export interface CustomerSales extends OfDay, Sold {
  readonly kind: 'customer';
  readonly customerId: string;
}

/** Of the products of one shelf, in order of their ids. */
export interface ShelfSales extends OfDay {
  readonly kind: 'products';
  readonly shelf: number;
  readonly products: readonly ProductSold[];
}

export interface ProductSold extends Sold {
  readonly productId: string;
  /** As it was called in the order booked last. */
  readonly name: string;
}

/** What an order is made of: neither a capture nor a refund says. Never changes once written. */
export interface OrderedLines {
  readonly kind: 'order';
  readonly lines: readonly Omit<ProductSold, 'orders'>[];
}

export type SalesBody = DaySales | CustomerSales | ShelfSales | OrderedLines;

export const dayId = (date: string, currency: string): string => `day:${date}:${currency}`;
export const customerDayId = (date: string, currency: string, customerId: string): string =>
  `customer:${date}:${currency}:${customerId}`;
export const shelfId = (date: string, currency: string, shelf: number): string =>
  `products:${date}:${currency}:${String(shelf).padStart(2, '0')}`;
export const orderId = (order: string): string => `order:${order}`;

/**
 * A capture names its order and no products, so that the documents it may change cannot be told by product. Products
 * stand on so many shelves instead: few enough to name them all, many enough that a day's table is not rewritten for
 * every order. Another number, or another way to spread them, is another `version` of the model.
 */
export const SHELVES = 64;

/** Which shelf a product stands on: FNV-1a over its id, which is ASCII. */
export function shelfOf(productId: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < productId.length; at += 1)
    hash = Math.imul(hash ^ productId.charCodeAt(at), 0x01000193);
  return (hash >>> 0) % SHELVES;
}
