import type { CustomerId, OrderId } from '../kernel/ids.ts';

export type RecallOutcome = 'nothing-taken' | 'returning' | 'refused';

interface Shipment {
  readonly orderId: OrderId;
  readonly customerId: CustomerId;
  /** Tracking numbers of parcels that contradict the record. */
  readonly strayParcels: readonly string[];
  /** The last response to a recall, and the number of such parcels at that time. */
  readonly recall?: { readonly outcome: RecallOutcome; readonly strays: number };
}
export interface DispatchedShipment extends Shipment {
  readonly status: 'dispatched' | 'delivered';
  readonly carrier: string;
  readonly trackingNumber: string;
}
export interface CancelledShipment extends Shipment {
  readonly status: 'cancelled';
  /** Of the first cancellation. `OrderCancelled` repeats them. */
  readonly reason: string | undefined;
  readonly cancelledBy: string;
}
export interface RequestedShipment extends Shipment {
  readonly status: 'requested';
}

export type ExistingShipment = RequestedShipment | DispatchedShipment | CancelledShipment;
export type ShipmentState = { readonly status: 'unrequested' } | ExistingShipment;

export const initialShipment: ShipmentState = { status: 'unrequested' };
