import { z } from 'zod';
import { ExactAmount, ExactAmountResponse } from '../documents/amount.ts';
import { type DocumentOf, Text, Time, WholeNumber } from '../documents/document-schema.ts';
import * as example from '../documents/example-values.ts';
import { Listing } from '../documents/listing.ts';
import { OrderStatus } from '../orders/document.ts';

/** What a customer has ordered and paid. */
export const CustomerDocument = z.strictObject({
  customerId: Text,
  orders: WholeNumber,
  /** Number of orders with each current status. */
  byStatus: z.record(OrderStatus, WholeNumber),
  /** Captured and not refunded, one amount per currency, in order of currency. */
  spent: z.array(ExactAmount),
  firstOrderAt: Time.optional().meta({ description: 'Absent without an order.' }),
  lastOrderAt: Time.optional(),
});
export type CustomerDocument = DocumentOf<typeof CustomerDocument>;

/** A customer as the query API returns it. */
export const CustomerResponse = CustomerDocument.extend({ spent: z.array(ExactAmountResponse) }).meta({
  example: {
    customerId: example.customerId,
    orders: 4,
    byStatus: { placed: 0, confirmed: 1, shipped: 1, delivered: 1, rejected: 0, cancelled: 1 },
    spent: [example.pounds(2295)],
    firstOrderAt: '2025-11-02T09:14:00.000Z',
    lastOrderAt: example.placedAt,
  },
});

/** Returns the summary of a customer without orders. */
export const customerWithoutOrders = (customerId: string): CustomerDocument => ({
  customerId,
  orders: 0,
  byStatus: { placed: 0, confirmed: 0, shipped: 0, delivered: 0, rejected: 0, cancelled: 0 },
  spent: [],
});

/**
 * The statuses of an order, each with the revision of the order's stream that brought it. The whole history, so that the
 * status before an event is the same whether or not later events are already in the document.
 */
export const OrderHistory = z.strictObject({
  history: z.array(z.strictObject({ revision: WholeNumber, status: OrderStatus })),
});
export type OrderHistory = DocumentOf<typeof OrderHistory>;

export const CustomersBody = z.union([CustomerDocument, Listing, OrderHistory]);
export type CustomersBody = DocumentOf<typeof CustomersBody>;

export const isHistory = (body: CustomersBody): body is OrderHistory => 'history' in body;
export const isCustomer = (body: CustomersBody): body is CustomerDocument => 'byStatus' in body;

/** One of the words of every listing; search words have no colon. */
export const EVERY_CUSTOMER = ':any';

/** A customerId has no slash, so these ids never collide with the ids of customer documents. */
export const listingId = (customerId: string): string => `listing/${customerId}`;
export const historyId = (orderId: string): string => `order/${orderId}`;
