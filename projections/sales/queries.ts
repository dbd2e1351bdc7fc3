import type { Documents, IndexValue, Query, Stored } from '../../read-store/read-store.ts';
import { findPage, mapPage, type Page, type PageRequest } from '../page.ts';
import {
  type CustomerSales,
  type DaySales,
  type ProductSold,
  type SalesBody,
  type ShelfSales,
  shelfOf,
} from './document.ts';

/** Days of which the date (UTC, `YYYY-MM-DD`) is inclusive at both ends; the earliest first. */
export interface DayRange {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

type Sales = Documents<SalesBody>;
type Walk = Omit<Query, 'limit' | 'after'>;

/** A row for each day and currency. */
export async function findDays(
  documents: Sales,
  range: DayRange,
  page: PageRequest,
): Promise<Page<DaySales>> {
  const found = await findPage(documents, withKind('day', range), page, dayKey);
  return mapPage(found, ({ body }) => body as DaySales);
}

/** A row for each day, currency and customer, or of one customer alone. */
export async function findCustomerDays(
  documents: Sales,
  { customerId, ...range }: DayRange & { readonly customerId?: string | undefined },
  page: PageRequest,
): Promise<Page<CustomerSales>> {
  const walk =
    customerId === undefined
      ? withKind('customer', range)
      : { index: 'byCustomer', equals: [customerId], ...bounds(range) };
  const found = await findPage(documents, walk, page, dayKey);
  return mapPage(found, ({ body }) => body as CustomerSales);
}

export type ProductSales = ProductSold & Pick<ShelfSales, 'date' | 'currency'>;

/** Shelves that are read at once: a page of rows is mostly on fewer. */
const SHELVES_AT_ONCE = 8;

/**
 * A row for each day, currency and product, or of one product alone. A page begins behind a row, whose key is that of its
 * shelf (date, currency, id), then its product: rows that come to be while somebody turns pages move no other.
 */
export async function findProductDays(
  documents: Sales,
  { productId, ...range }: DayRange & { readonly productId?: string | undefined },
  { limit, after }: PageRequest,
): Promise<Page<ProductSales>> {
  const walk =
    productId === undefined
      ? withKind('products', range)
      : { index: 'byShelf', equals: [shelfOf(productId)], ...bounds(range) };
  const found: { readonly shelf: Stored<ShelfSales>; readonly product: ProductSold }[] = [];
  const take = (shelf: Stored<ShelfSales>, behind?: IndexValue) => {
    for (const product of shelf.body.products) {
      if (productId !== undefined && product.productId !== productId) continue;
      if (behind === undefined || product.productId > String(behind)) found.push({ shelf, product });
    }
  };

  const [id, lastProduct] = after?.slice(2) ?? [];
  const begun = id === undefined ? undefined : await documents.get(String(id));
  if (begun !== undefined && isShelf(begun)) take(begun, lastProduct);
  let behindShelf = after?.slice(0, 3);
  while (found.length <= limit) {
    const shelves = await documents.find({
      ...walk,
      limit: SHELVES_AT_ONCE,
      ...(behindShelf === undefined ? {} : { after: behindShelf }),
    });
    for (const shelf of shelves) if (isShelf(shelf)) take(shelf);
    const last = shelves.at(-1);
    if (last === undefined || shelves.length < SHELVES_AT_ONCE) break;
    behindShelf = [...dayKey(last.body), last.id];
  }
  const rows = found.slice(0, limit);
  const items = rows.map(({ shelf: { body }, product }) => ({
    ...product,
    date: body.date,
    currency: body.currency,
  }));
  const end = rows.at(-1);
  if (found.length <= limit || end === undefined) return { items };
  return { items, after: [...dayKey(end.shelf.body), end.shelf.id, end.product.productId] };
}

const isShelf = (stored: Stored<SalesBody>): stored is Stored<ShelfSales> => stored.body.kind === 'products';

const withKind = (kind: SalesBody['kind'], range: DayRange): Walk => ({
  index: 'byDate',
  equals: [kind],
  ...bounds(range),
});

const bounds = ({ from, to }: DayRange): Pick<Walk, 'from' | 'to'> => ({
  ...(from === undefined ? {} : { from }),
  ...(to === undefined ? {} : { to }),
});

const dayKey = (body: SalesBody): string[] => (body.kind === 'order' ? [] : [body.date, body.currency]);
