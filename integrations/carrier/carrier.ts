import { createHash } from 'node:crypto';
import type { CustomerId, OrderId } from '../../domain/kernel/ids.ts';

interface Parcel {
  readonly carrier: string;
  readonly trackingNumber: string;
}
interface Unavailable {
  readonly outcome: 'unavailable';
  readonly reason: string;
}

export type DispatchAnswer =
  | ({ readonly outcome: 'dispatched' } & Parcel)
  /** Somebody at the desk will dispatch it, through the command API. */
  | { readonly outcome: 'by-operator' }
  /** The order was recalled before the carrier took the parcel. */
  | { readonly outcome: 'recalled' }
  | Unavailable;

export type RecallAnswer =
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

/** Whoever fetches the parcel. Asking again for the same order gives the same parcel and number. */
export interface Carrier {
  dispatch(request: ParcelRequest, signal?: AbortSignal): Promise<DispatchAnswer>;
  /** Asks the carrier to return the parcels of the order, and to take none from now on. */
  recall(request: ParcelRequest, signal?: AbortSignal): Promise<RecallAnswer>;
}

/**
 * A carrier that dispatches at once and returns parcels on request. The tracking number derives from the order id. It
 * remembers the last `remembered` orders, in memory.
 */
export function autoCarrier({ remembered = 100_000 }: { readonly remembered?: number } = {}): Carrier {
  const books = new Map<OrderId, 'taken' | 'recalled'>();
  const write = (orderId: OrderId, entry: 'taken' | 'recalled'): void => {
    books.set(orderId, entry);
    if (books.size <= remembered) return;
    const [oldest] = books.keys();
    if (oldest !== undefined) books.delete(oldest);
  };
  return {
    async dispatch({ orderId }) {
      if (books.get(orderId) === 'recalled') return { outcome: 'recalled' };
      write(orderId, 'taken');
      return { outcome: 'dispatched', ...parcelOf(orderId) };
    },
    async recall({ orderId }) {
      if (books.get(orderId) === 'taken') return { outcome: 'returning', ...parcelOf(orderId) };
      write(orderId, 'recalled');
      return { outcome: 'nothing-taken' };
    },
  };
}

const parcelOf = (orderId: OrderId): Parcel => ({
  carrier: 'Stream Parcels',
  trackingNumber: `SP${createHash('sha256').update(orderId).digest('hex').slice(0, 16).toUpperCase()}`,
});

/** Waits for an operator: does nothing itself. */
export const manualCarrier: Carrier = {
  dispatch: async () => ({ outcome: 'by-operator' }),
  recall: async () => ({ outcome: 'nothing-taken' }),
};
