import { z } from 'zod';
import { ExactAmount, ExactAmountResponse } from '../documents/amount.ts';
import { Day, type DocumentOf, Text, WholeNumber } from '../documents/document-schema.ts';
import * as example from '../documents/example-values.ts';
import { SalesFigures } from './sales-figures.ts';

/** All sales of a day in one currency: captures, less refunds on that day. A day with many refunds may be below zero. */
export const SalesDay = z.strictObject({
  date: Day,
  orders: WholeNumber,
  units: WholeNumber,
  revenue: ExactAmount,
});
export type SalesDay = DocumentOf<typeof SalesDay>;

const date = '2026-01-31';
/** Rows as the query API returns them. The name of a product is that of its last order of the day. */
export const SalesDayResponse = SalesDay.extend({ revenue: ExactAmountResponse }).meta({
  example: { date, orders: 12, units: 48, revenue: example.pounds(12_240) },
});
export const SalesOfProductResponse = SalesDayResponse.extend({ productId: Text, name: Text }).meta({
  example: {
    date,
    productId: example.productId,
    name: example.productName,
    orders: 5,
    units: 15,
    revenue: example.pounds(3_825),
  },
});
export const SalesToCustomerResponse = SalesDayResponse.extend({ customerId: Text }).meta({
  example: { date, customerId: example.customerId, orders: 1, units: 3, revenue: example.pounds(765) },
});

/** A day in one currency. The field is not named `date`: the index of `SalesDay` would contain these documents too. */
const ofDay = { day: Day, currency: Text };

const StoredCustomerSales = SalesFigures.extend({
  kind: z.literal('customer'),
  customerId: Text,
  ...ofDay,
});

export const ProductSales = SalesFigures.extend({
  productId: Text,
  /** The product's name in the last order of that day. */
  name: Text,
});
export type ProductSales = DocumentOf<typeof ProductSales>;

/** The sales of the products of one bucket, in order of their ids. */
export const ProductBucket = z.strictObject({
  kind: z.literal('products'),
  /** Number of the bucket; the stored name is older than the term. */
  shelf: WholeNumber,
  products: z.array(ProductSales),
  ...ofDay,
});
export type ProductBucket = DocumentOf<typeof ProductBucket>;

/** The lines of an order, which captures and refunds do not repeat. Never changes once written. */
export const OrderedLines = z.strictObject({
  kind: z.literal('order'),
  lines: z.array(ProductSales.omit({ orders: true })),
});
export type OrderedLines = DocumentOf<typeof OrderedLines>;

export const SalesBody = z.union([SalesDay, StoredCustomerSales, ProductBucket, OrderedLines]);
export type SalesBody = DocumentOf<typeof SalesBody>;
type OfKind = Exclude<SalesBody, SalesDay>;

export const isDay = (body: SalesBody): body is SalesDay => 'date' in body;

/** Returns the body if it is of this kind. */
export const ofKind = <Kind extends OfKind['kind']>(
  kind: Kind,
  body: SalesBody | undefined,
): Extract<OfKind, { kind: Kind }> | undefined =>
  body !== undefined && 'kind' in body && body.kind === kind
    ? (body as Extract<OfKind, { kind: Kind }>)
    : undefined;

export const dayId = (day: string, currency: string): string => `day:${day}:${currency}`;
export const customerDayId = (day: string, currency: string, customerId: string): string =>
  `customer:${day}:${currency}:${customerId}`;
export const bucketId = (day: string, currency: string, bucket: number): string =>
  `products:${day}:${currency}:${String(bucket).padStart(2, '0')}`;
export const orderId = (order: string): string => `order:${order}`;
