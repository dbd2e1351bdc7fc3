import { createHash } from 'node:crypto';
import type { CustomerId, OrderId } from '../../domain/kernel/ids.ts';

export type DispatchAnswer =
  | { readonly outcome: 'dispatched'; readonly carrier: string; readonly trackingNumber: string }
  /** Somebody at the desk will dispatch it, through the command API. */
  | { readonly outcome: 'by-operator' }
  | { readonly outcome: 'unavailable'; readonly reason: string };

export interface ParcelRequest {
  readonly orderId: OrderId;
  readonly customerId: CustomerId;
}

/** Whoever fetches the parcel. Asking again for the same order gives the same parcel and number. */
export interface Carrier {
  dispatch(request: ParcelRequest, signal?: AbortSignal): Promise<DispatchAnswer>;
}

/** Dispatches by itself, at once; the tracking number derives from the order id. */
export const autoCarrier: Carrier = {
  dispatch: async ({ orderId }) => ({
    outcome: 'dispatched',
    carrier: 'Stream Parcels',
    trackingNumber: `SP${createHash('sha256').update(orderId).digest('hex').slice(0, 16).toUpperCase()}`,
  }),
};

/** Waits for an operator: does nothing itself. */
export const manualCarrier: Carrier = { dispatch: async () => ({ outcome: 'by-operator' }) };
