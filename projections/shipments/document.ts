export const shipmentStatuses = ['requested', 'dispatched', 'delivered', 'cancelled'] as const;
export type ShipmentStatus = (typeof shipmentStatuses)[number];

import type { ExceptionEntry } from '../documents/exceptions.ts';

/** An order's shipment, as the query API answers it. Times are ISO 8601. */
export interface ShipmentDocument {
  readonly orderId: string;
  readonly customerId: string;
  readonly status: ShipmentStatus;
  readonly carrier?: string;
  readonly trackingNumber?: string;
  /** When it was requested, or cancelled before that. */
  readonly openedAt: string;
  /** Absent when it was cancelled before it was asked for. */
  readonly requestedAt?: string;
  readonly dispatchedAt?: string;
  readonly deliveredAt?: string;
  readonly cancellation?: {
    readonly reason?: string;
    readonly cancelledBy: string;
    readonly cancelledAt: string;
  };
  /** Response of the carrier to a recall. */
  readonly recall?: {
    readonly outcome: 'nothing-taken' | 'returning' | 'refused';
    readonly at: string;
    readonly reason?: string;
  };
  /** Exceptions; absent when there are none. */
  readonly exceptions?: readonly ExceptionEntry[];
  readonly updatedAt: string;
  /** Of the shipment's stream; a decimal string. */
  readonly revision: string;
}
