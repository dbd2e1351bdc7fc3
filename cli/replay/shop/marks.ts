import { createHash } from 'node:crypto';

/*
 * What a replay does carries a mark: its requests' `X-Request-Id`, which the command API keeps in the metadata of events.
 * A later replay finds by it what earlier ones ordered and received.
 */

/** What earlier replays did in a shop. */
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

/** Names an order by its invoice, customer and lines. */
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

/** Stands for an invoice number, of any length and characters, in a mark. */
export const invoiceMark = (invoice: string): string => sha256(invoice).slice(0, 16);

export const receiptRequestId = 'replay-receipt';
export const orderRequestId = (order: { readonly invoice: string; readonly digest: string }): string =>
  `replay-order-${invoiceMark(order.invoice)}-${order.digest}`;

/** Reads the mark of a replay from a request id; undefined when it has none. */
export function markIn(requestId: string | undefined): Mark | undefined {
  if (requestId === receiptRequestId) return { kind: 'receipt' };
  const [, invoice, digest] = /^replay-order-([0-9a-f]{16})-([0-9a-f]{32})$/.exec(requestId ?? '') ?? [];
  return invoice === undefined || digest === undefined ? undefined : { kind: 'order', invoice, digest };
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
