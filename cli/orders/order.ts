import type { Amount } from '../output/amounts.ts';

/** An order, as the query API shows it. */
export interface Order {
  readonly orderId: string;
  readonly customerId: string;
  readonly status: string;
  readonly items: readonly OrderLine[];
  readonly total: Amount;
  readonly payment?: { readonly status: string; readonly reason?: string };
  readonly shipment?: {
    readonly status: string;
    readonly carrier?: string;
    readonly trackingNumber?: string;
  };
  readonly rejection?: {
    readonly reason: string;
    readonly short?: readonly {
      readonly productId: string;
      readonly requested: number;
      readonly available: number;
    }[];
  };
  readonly cancellation?: { readonly reason?: string; readonly by: string; readonly at: string };
  readonly exceptions?: readonly { readonly kind: string; readonly detail: string }[];
  readonly shipTo?: ShipTo | null;
  readonly placedAt: string;
  readonly updatedAt?: string;
}

export interface OrderLine {
  readonly productId: string;
  readonly name: string;
  readonly quantity: number;
  readonly unitPrice: Amount;
  readonly lineTotal: Amount;
}

/** Personal data: null once the person is forgotten. */
interface ShipTo {
  readonly name: string;
  readonly lines: readonly string[];
  readonly city: string;
  readonly postcode: string;
  readonly country: string;
}

/** One event of an order's timeline. */
export interface TimelineEvent {
  readonly id?: string;
  readonly orderId?: string;
  readonly type: string;
  readonly stream: string;
  readonly revision: string;
  readonly at: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly causationId: string;
}
