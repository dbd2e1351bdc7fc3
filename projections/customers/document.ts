import type { ExactAmount } from '../documents/amount.ts';
import type { OrderStatus } from '../orders/document.ts';

/** What a customer has ordered and paid. Times are ISO 8601. */
export interface CustomerDocument {
  readonly customerId: string;
  readonly orders: number;
  /** How many of the orders have each status now. */
  readonly byStatus: Readonly<Record<OrderStatus, number>>;
  /** Captured and not refunded, one amount per currency, in order of currency. */
  readonly spent: readonly ExactAmount[];
  readonly firstOrderAt: string;
  readonly lastOrderAt: string;
}

/** Returns the summary of a customer without orders. */
export const customerWithoutOrders = (
  customerId: string,
): Omit<CustomerDocument, 'firstOrderAt' | 'lastOrderAt'> => ({
  customerId,
  orders: 0,
  byStatus: { placed: 0, confirmed: 0, shipped: 0, delivered: 0, rejected: 0, cancelled: 0 },
  spent: [],
});

/** Holds the search words of a customer. A separate document, so that orders do not rewrite index entries. */
export interface CustomerListing {
  readonly listed: string;
  readonly sortName: string;
  /** Prefixes of the words of the id, and one word that all customers have. */
  readonly words: readonly string[];
}

/**
 * The statuses that an order went through, each with the revision of the order's stream that brought it. The whole
 * history, so that the status before an event is the same whether or not later events are already in the document.
 */
export interface OrderHistory {
  readonly history: readonly { readonly revision: number; readonly status: OrderStatus }[];
}

export type CustomersBody = CustomerDocument | CustomerListing | OrderHistory;

export const isHistory = (body: CustomersBody): body is OrderHistory => 'history' in body;
export const isListing = (body: CustomersBody): body is CustomerListing => 'listed' in body;
export const isCustomer = (body: CustomersBody): body is CustomerDocument => 'byStatus' in body;

/** One of the words of every listing; search words have no colon. */
export const EVERY_CUSTOMER = ':any';

/** A customerId has no slash, so these ids never collide with the ids of customer documents. */
export const listingId = (customerId: string): string => `listing/${customerId}`;
export const historyId = (orderId: string): string => `order/${orderId}`;
