import type { Amount } from '../documents/amount.ts';

export const paymentStatuses = ['requested', 'captured', 'declined', 'failed', 'refunded'] as const;
export type PaymentStatus = (typeof paymentStatuses)[number];

/** An order's payment, as the query API answers it. Times are ISO 8601; the payment token is not in it. */
export interface PaymentDocument {
  readonly orderId: string;
  readonly customerId: string;
  readonly status: PaymentStatus;
  /** Absent when nothing was ever asked for: the payment was called off first. */
  readonly amount?: Amount;
  /** The provider's own id of the transaction. */
  readonly reference?: string;
  /** Why it was declined or failed. */
  readonly reason?: string;
  readonly requestedAt?: string;
  readonly capturedAt?: string;
  /** Asked for, and done once it has a reference. */
  readonly refund?: {
    readonly reason: string;
    readonly requestedBy?: string;
    readonly requestedAt?: string;
    readonly reference?: string;
    readonly refundedAt?: string;
  };
  readonly updatedAt: string;
  /** Of the payment's stream; a decimal string. */
  readonly revision: string;
}
