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
  /** It was recalled before the carrier took it. */
  | { readonly outcome: 'recalled' }
  | Unavailable;

export type RecallAnswer =
  /** A promise for ever: a dispatch of this order that is still on its way takes nothing. */
  | { readonly outcome: 'nothing-taken' }
  | ({ readonly outcome: 'returning' } & Parcel)
  /** The carrier has it and cannot stop it, e.g. because it was delivered. */
  | ({ readonly outcome: 'refused'; readonly reason: string } & Parcel)
  | Unavailable;

export interface ParcelRequest {
  readonly orderId: OrderId;
  readonly customerId: CustomerId;
}

/** Whoever fetches the parcel. Asking again for the same order gives the same parcel and number. */
export interface Carrier {
  dispatch(request: ParcelRequest, signal?: AbortSignal): Promise<DispatchAnswer>;
  /** Returns what was taken for the order, and takes nothing for it from now on. */
  recall(request: ParcelRequest, signal?: AbortSignal): Promise<RecallAnswer>;
}

/**
 * Dispatches by itself, at once, and returns what it is asked to; the tracking number derives from the order id. Its books
 * are in memory and hold the last `remembered` orders.
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
