import type { CustomerId, OrderId } from '../kernel/ids.ts';

interface Shipment {
  readonly orderId: OrderId;
  readonly customerId: CustomerId;
}
export interface DispatchedShipment extends Shipment {
  readonly status: 'dispatched' | 'delivered';
  readonly carrier: string;
  readonly trackingNumber: string;
}
export interface CancelledShipment extends Shipment {
  readonly status: 'cancelled';
  /** Of the cancellation that was first; the order's own event repeats them. */
  readonly reason: string | undefined;
  readonly cancelledBy: string;
}
export interface RequestedShipment extends Shipment {
  readonly status: 'requested';
}

export type ShipmentState =
  | { readonly status: 'unrequested' }
  | RequestedShipment
  | DispatchedShipment
  | CancelledShipment;

export const initialShipment: ShipmentState = { status: 'unrequested' };
