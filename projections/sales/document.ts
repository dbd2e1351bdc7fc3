import type { ExactAmount } from '../documents/amount.ts';
import type { Sold } from './sales-figures.ts';

/**
 * What was sold on a day, in one currency: captured on that day, less what was refunded on it, whenever that had been
 * captured. So a day of refunds may be below zero.
 */
export interface SalesDay {
  /** UTC, e.g. `2010-12-01`. */
  readonly date: string;
  readonly orders: number;
  readonly units: number;
  readonly revenue: ExactAmount;
}

/** A day in one currency, of something in particular: not named `date`, or it would be among the days. */
interface OfDay {
  /** UTC, e.g. `2010-12-01`. */
  readonly day: string;
  readonly currency: string;
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

type Particular = CustomerSales | ShelfSales | OrderedLines;
export type SalesBody = SalesDay | Particular;

export const isDay = (body: SalesBody): body is SalesDay => 'date' in body;

/** The body, when it is of this kind. */
export const ofKind = <Kind extends Particular['kind']>(
  kind: Kind,
  body: SalesBody | undefined,
): Extract<Particular, { kind: Kind }> | undefined =>
  body !== undefined && 'kind' in body && body.kind === kind
    ? (body as Extract<Particular, { kind: Kind }>)
    : undefined;

export const dayId = (day: string, currency: string): string => `day:${day}:${currency}`;
export const customerDayId = (day: string, currency: string, customerId: string): string =>
  `customer:${day}:${currency}:${customerId}`;
export const shelfId = (day: string, currency: string, shelf: number): string =>
  `products:${day}:${currency}:${String(shelf).padStart(2, '0')}`;
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
