import { createHash } from 'node:crypto';

/*
 * Each request of a replay has a mark in its `X-Request-Id`, which the command API stores in the metadata of events.
 * Later replays read the marks to find orders and receipts of earlier ones.
 */

/** Orders and receipts of earlier replays. */
export interface History {
  /** Units received, by product id. */
  readonly received: ReadonlyMap<string, number>;
  /** Orders by the mark of their invoice. */
  readonly orders: ReadonlyMap<string, readonly EarlierOrder[]>;
}

export interface EarlierOrder {
  readonly orderId: string;
  readonly digest: string;
}

export type Mark =
  | { readonly kind: 'receipt' }
  | { readonly kind: 'order'; readonly invoice: string; readonly digest: string };

/** Returns the hash of an order's invoice, customer and lines. */
export const orderDigest = (order: {
  readonly invoice: string;
  readonly customerId: string;
  readonly items: readonly { readonly productId: string; readonly quantity: number }[];
}): string =>
  sha256(
    JSON.stringify([
      order.invoice,
      order.customerId,
      order.items.map(({ productId, quantity }) => [productId, quantity]),
    ]),
  ).slice(0, 32);

/** Returns the hash of an invoice number, which may have any length and characters, for a mark. */
export const invoiceMark = (invoice: string): string => sha256(invoice).slice(0, 16);

export const receiptRequestId = 'replay-receipt';
export const orderRequestId = (order: { readonly invoice: string; readonly digest: string }): string =>
  `replay-order-${invoiceMark(order.invoice)}-${order.digest}`;

/** Parses the mark of a replay in a request id; undefined when it has none. */
export function markIn(requestId: string | undefined): Mark | undefined {
  if (requestId === receiptRequestId) return { kind: 'receipt' };
  const [, invoice, digest] = /^replay-order-([0-9a-f]{16})-([0-9a-f]{32})$/.exec(requestId ?? '') ?? [];
  return invoice === undefined || digest === undefined ? undefined : { kind: 'order', invoice, digest };
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
