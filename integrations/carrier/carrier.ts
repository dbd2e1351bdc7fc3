import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { CustomerId, OrderId } from '../../domain/kernel/ids.ts';
import { atMost } from '../../platform/at-most.ts';
import type { Unavailable } from '../no-result.ts';

interface Parcel {
  readonly carrier: string;
  readonly trackingNumber: string;
}

export type DispatchResult =
  | ({ readonly outcome: 'dispatched' } & Parcel)
  /** An operator dispatches the parcel through the command API. */
  | { readonly outcome: 'by-operator' }
  /** The order was recalled before the carrier took the parcel. */
  | { readonly outcome: 'recalled' }
  | Unavailable;

export type RecallResult =
  /** The carrier has no parcel of this order and will never take one, not even for a dispatch in flight. */
  | { readonly outcome: 'nothing-taken' }
  | ({ readonly outcome: 'returning' } & Parcel)
  /** The carrier has the parcel and cannot return it, for example because it was delivered. */
  | ({ readonly outcome: 'refused'; readonly reason: string } & Parcel)
  | Unavailable;

export interface ParcelRequest {
  readonly orderId: OrderId;
  readonly customerId: CustomerId;
}

/** The port to a carrier. A repeated dispatch of an order returns the same parcel and tracking number. */
export interface Carrier {
  dispatch(request: ParcelRequest, signal?: AbortSignal): Promise<DispatchResult>;
  /** Asks the carrier to return the parcels of the order, and to take none from now on. */
  recall(request: ParcelRequest, signal?: AbortSignal): Promise<RecallResult>;
}

/**
 * A carrier that dispatches at once and returns parcels on request. The tracking number derives from the order id. It
 * remembers the last `remembered` orders, in memory.
 */
export function autoCarrier({ remembered = 100_000 }: { readonly remembered?: number } = {}): Carrier {
  const states = new LRUCache<OrderId, 'taken' | 'recalled'>(atMost(remembered));
  return {
    async dispatch({ orderId }) {
      if (states.get(orderId) === 'recalled') return { outcome: 'recalled' };
      states.set(orderId, 'taken');
      return { outcome: 'dispatched', ...parcelOf(orderId) };
    },
    async recall({ orderId }) {
      if (states.get(orderId) === 'taken') return { outcome: 'returning', ...parcelOf(orderId) };
      states.set(orderId, 'recalled');
      return { outcome: 'nothing-taken' };
    },
  };
}

const parcelOf = (orderId: OrderId): Parcel => ({
  carrier: 'Stream Parcels',
  trackingNumber: `SP${createHash('sha256').update(orderId).digest('hex').slice(0, 16).toUpperCase()}`,
});

/** A carrier that leaves every dispatch to an operator. */
export const manualCarrier: Carrier = {
  dispatch: async () => ({ outcome: 'by-operator' }),
  recall: async () => ({ outcome: 'nothing-taken' }),
};
