import type { Amount } from '../amount.ts';
import type { OrderStatus } from '../orders/document.ts';

/** What a customer has ordered and paid. Times are ISO 8601. */
export interface CustomerDocument {
  readonly customerId: string;
  readonly orders: number;
  /** How many of the orders have each status now. */
  readonly byStatus: Readonly<Record<OrderStatus, number>>;
  /** Captured and not refunded, one amount per currency, in order of currency. */
  readonly spent: readonly Amount[];
  readonly firstOrderAt: string;
  readonly lastOrderAt: string;
}

/**
 * The statuses that an order went through, each with the revision of the order's stream that brought it. The whole
 * history, so that the status before an event is the same whether or not later events are already in the document.
 */
export interface OrderHistory {
  readonly history: readonly { readonly revision: number; readonly status: OrderStatus }[];
}

export type CustomersBody = CustomerDocument | OrderHistory;

export const isHistory = (body: CustomersBody): body is OrderHistory => 'history' in body;

/** A customerId holds no slash, so these ids never meet those of the customers. */
export const historyId = (orderId: string): string => `order/${orderId}`;
