import type { Documents, IndexValue, Query, Stored } from '../../read-store/read-store.ts';
import { findPage, type Page, type PageRequest } from '../documents/page.ts';
import {
  type CustomerSales,
  isDay,
  ofKind,
  type ProductSold,
  type SalesBody,
  type SalesDay,
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
): Promise<Page<SalesDay>> {
  const walk = { index: 'byDay', equals: [], ...bounds(range) };
  const { items, ...rest } = await findPage(documents, walk, page, (body) =>
    isDay(body) ? [body.date, body.revenue.currency] : [],
  );
  return { ...rest, items: items.map(({ body }) => body).filter(isDay) };
}

/** A row for each day, currency and customer, or of one customer alone. */
export async function findCustomerDays(
  documents: Sales,
  { customerId, ...range }: DayRange & { readonly customerId?: string | undefined },
  page: PageRequest,
): Promise<Page<CustomerSales>> {
  const walk =
    customerId === undefined
      ? ofAll('customer', range)
      : { index: 'byCustomer', equals: [customerId], ...bounds(range) };
  const { items, ...rest } = await findPage(documents, walk, page, keyOf);
  return { ...rest, items: items.flatMap(({ body }) => ofKind('customer', body) ?? []) };
}

export type ProductSales = ProductSold & Pick<ShelfSales, 'day' | 'currency'>;

/** Shelves that are read at once: a page of rows is mostly on fewer. */
const SHELVES_AT_ONCE = 8;

/**
 * A row for each day, currency and product, or of one product alone. A page begins behind a row, whose key is that of its
 * shelf (day, currency, id), then its product: rows that come to be while somebody turns pages move no other.
 */
export async function findProductDays(
  documents: Sales,
  { productId, ...range }: DayRange & { readonly productId?: string | undefined },
  { limit, after }: PageRequest,
): Promise<Page<ProductSales>> {
  const walk =
    productId === undefined
      ? ofAll('products', range)
      : { index: 'byShelf', equals: [shelfOf(productId)], ...bounds(range) };
  const found: { readonly id: string; readonly shelf: ShelfSales; readonly product: ProductSold }[] = [];
  const take = ({ id, body }: Stored<SalesBody>, behind?: IndexValue) => {
    const shelf = ofKind('products', body);
    if (shelf === undefined) return;
    for (const product of shelf.products) {
      if (productId !== undefined && product.productId !== productId) continue;
      if (behind === undefined || product.productId > String(behind)) found.push({ id, shelf, product });
    }
  };

  const [id, lastProduct] = after?.slice(2) ?? [];
  const begun = id === undefined ? undefined : await documents.get(String(id));
  if (begun !== undefined) take(begun, lastProduct);
  let behindShelf = after?.slice(0, 3);
  while (found.length <= limit) {
    const shelves = await documents.find({
      ...walk,
      limit: SHELVES_AT_ONCE,
      ...(behindShelf === undefined ? {} : { after: behindShelf }),
    });
    for (const shelf of shelves) take(shelf);
    const last = shelves.at(-1);
    if (last === undefined || shelves.length < SHELVES_AT_ONCE) break;
    behindShelf = [...keyOf(last.body), last.id];
  }
  const rows = found.slice(0, limit);
  const items = rows.map(({ shelf: { day, currency }, product }) => ({ ...product, day, currency }));
  const end = rows.at(-1);
  if (found.length <= limit || end === undefined) return { items };
  return { items, after: [...keyOf(end.shelf), end.id, end.product.productId] };
}

const ofAll = (kind: 'customer' | 'products', range: DayRange): Walk => ({
  index: 'byKind',
  equals: [kind],
  ...bounds(range),
});

const bounds = ({ from, to }: DayRange): Pick<Walk, 'from' | 'to'> => ({
  ...(from === undefined ? {} : { from }),
  ...(to === undefined ? {} : { to }),
});

const keyOf = (body: SalesBody): string[] => ('day' in body ? [body.day, body.currency] : []);
