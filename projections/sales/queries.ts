import type { Documents, IndexValue, Stored } from '../../read-store/read-store.ts';
import { findPage, type ListQuery, type Page, type PageRequest } from '../documents/page.ts';
import {
  isDay,
  ofKind,
  type ProductBucket,
  type ProductSales,
  type SalesBody,
  type SalesDay,
} from './document.ts';
import { bucketOf } from './product-buckets.ts';
import type { SalesFigures } from './sales-figures.ts';

/** Days (UTC, `YYYY-MM-DD`), inclusive at both ends. */
export interface DayRange {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

type Sales = Documents<SalesBody>;

/** Returns a row for each day and currency, the earliest first. */
export async function findDays(
  documents: Sales,
  range: DayRange,
  page: PageRequest,
): Promise<Page<SalesDay>> {
  const query = { index: 'byDay', equals: [], ...range };
  const { items, ...rest } = await findPage(documents, query, page, (body) =>
    isDay(body) ? [body.date, body.revenue.currency] : [],
  );
  return { ...rest, items: items.map(({ body }) => body).filter(isDay) };
}

/** Returns a row for each day, currency and customer, or only those of one customer. */
export async function findCustomerDays(
  documents: Sales,
  { customerId, ...range }: DayRange & { readonly customerId?: string | undefined },
  page: PageRequest,
): Promise<Page<SalesDay & { readonly customerId: string }>> {
  const query =
    customerId === undefined
      ? ofAll('customer', range)
      : { index: 'byCustomer', equals: [customerId], ...range };
  const { items, ...rest } = await findPage(documents, query, page, keyOf);
  const stored = items.flatMap(({ body }) => ofKind('customer', body) ?? []);
  return { ...rest, items: stored.map((sales) => ({ customerId: sales.customerId, ...rowOf(sales) })) };
}

/** Buckets read at once: the rows of a page are usually in fewer. */
const BUCKETS_PER_READ = 8;

interface BucketRow {
  readonly id: string;
  readonly bucket: ProductBucket;
  readonly product: ProductSales;
}

/**
 * Returns a row for each day, currency and product, or only those of one product. A page starts after a row: the key of
 * its bucket (day, currency, id) and its product. So rows that are added between two pages do not move other rows.
 */
export async function findProductDays(
  documents: Sales,
  { productId, ...range }: DayRange & { readonly productId?: string | undefined },
  { limit, after }: PageRequest,
): Promise<Page<SalesDay & Pick<ProductSales, 'productId' | 'name'>>> {
  const query =
    productId === undefined
      ? ofAll('products', range)
      : { index: 'byShelf', equals: [bucketOf(productId)], ...range };
  const found: BucketRow[] = [];
  const add = ({ id, body }: Stored<SalesBody>, afterProduct?: IndexValue) => {
    const bucket = ofKind('products', body);
    for (const product of bucket?.products ?? []) {
      if (bucket === undefined || (productId !== undefined && product.productId !== productId)) continue;
      if (afterProduct === undefined || product.productId > String(afterProduct))
        found.push({ id, bucket, product });
    }
  };

  const [id, lastProduct] = after?.slice(2) ?? [];
  const firstBucket = id === undefined ? undefined : await documents.get(String(id));
  if (firstBucket !== undefined) add(firstBucket, lastProduct);
  let afterBucket = after?.slice(0, 3);
  while (found.length <= limit) {
    const buckets = await documents.find({
      ...query,
      limit: BUCKETS_PER_READ,
      after: afterBucket,
    });
    for (const bucket of buckets) add(bucket);
    const last = buckets.at(-1);
    if (last === undefined || buckets.length < BUCKETS_PER_READ) break;
    afterBucket = [...keyOf(last.body), last.id];
  }
  const rows = found.slice(0, limit);
  const items = rows.map(
    ({ bucket: { day, currency }, product: { productId: product, name, ...sales } }) => ({
      productId: product,
      name,
      ...rowOf({ day, currency, ...sales }),
    }),
  );
  const end = rows.at(-1);
  if (found.length <= limit || end === undefined) return { items };
  return { items, after: [...keyOf(end.bucket), end.id, end.product.productId] };
}

const rowOf = ({
  day,
  currency,
  orders,
  units,
  amount,
}: SalesFigures & { readonly day: string; readonly currency: string }) => ({
  date: day,
  orders,
  units,
  revenue: { amount, currency },
});

const ofAll = (kind: 'customer' | 'products', range: DayRange): ListQuery => ({
  index: 'byKind',
  equals: [kind],
  ...range,
});

const keyOf = (body: SalesBody): string[] => ('day' in body ? [body.day, body.currency] : []);
