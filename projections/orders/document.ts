import type { Amount } from '../documents/amount.ts';
import type { ExceptionEntry } from '../documents/exceptions.ts';

export const orderStatuses = [
  'placed',
  'confirmed',
  'shipped',
  'delivered',
  'rejected',
  'cancelled',
] as const;
export type OrderStatus = (typeof orderStatuses)[number];

/** An order as the query API answers it, field for field. Times are ISO 8601, revisions decimal strings. */
export interface OrderDocument {
  readonly orderId: string;
  readonly customerId: string;
  readonly status: OrderStatus;
  readonly items: readonly {
    readonly productId: string;
    readonly name: string;
    readonly quantity: number;
    readonly unitPrice: Amount;
    readonly lineTotal: Amount;
  }[];
  readonly total: Amount;
  /** Absent until a payment was asked for. */
  readonly payment?: {
    readonly status: 'requested' | 'captured' | 'declined' | 'failed' | 'refunded';
    readonly reason?: string;
    readonly capturedAt?: string;
    readonly refundedAt?: string;
  };
  /** Absent until a shipment was asked for or ruled out. */
  readonly shipment?: {
    readonly status: 'requested' | 'dispatched' | 'delivered' | 'cancelled';
    readonly carrier?: string;
    readonly trackingNumber?: string;
    readonly dispatchedAt?: string;
    readonly deliveredAt?: string;
    readonly reason?: string;
    readonly cancelledBy?: string;
  };
  readonly rejection?: {
    readonly reason: string;
    readonly short?: readonly {
      readonly productId: string;
      readonly requested: number;
      readonly available: number;
    }[];
  };
  /** Who cancelled the order, when and why. */
  readonly cancellation?: { readonly reason?: string; readonly by: string; readonly at: string };
  /** Exceptions; absent when there are none. */
  readonly exceptions?: readonly ExceptionEntry[];
  readonly placedAt: string;
  /** When the newest event folded into this document was recorded. */
  readonly updatedAt: string;
  /** Of the order's own stream. */
  readonly revision: string;
}
