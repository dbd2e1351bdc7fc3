import type { CustomerId, OrderId } from '../kernel/ids.ts';

export interface RequestShipment {
  readonly type: 'RequestShipment';
  readonly orderId: OrderId;
  readonly customerId: CustomerId;
}
/** Rejected after a cancellation, and for another carrier or number after a dispatch. A repeated dispatch records no event. */
export interface DispatchShipment {
  readonly type: 'DispatchShipment';
  readonly carrier: string;
  readonly trackingNumber: string;
  readonly dispatchedAt: string;
}
/** A fact from the carrier: never rejected after the shipment was requested, in any status. */
export interface RecordDispatch {
  readonly type: 'RecordDispatch';
  readonly carrier: string;
  readonly trackingNumber: string;
  readonly dispatchedAt: string;
}
/** The parcel that the carrier has taken. */
interface Parcel {
  readonly carrier: string;
  readonly trackingNumber: string;
}
/** The carrier's response to a recall. Each different response is recorded. */
export type RecordRecall = {
  readonly type: 'RecordRecall';
  readonly recalledAt: string;
} & (
  | { readonly outcome: 'nothing-taken' }
  | ({ readonly outcome: 'returning' } & Parcel)
  | ({ readonly outcome: 'refused'; readonly reason: string } & Parcel)
);
export interface DeliverShipment {
  readonly type: 'DeliverShipment';
  readonly deliveredAt: string;
}
/** Rejected after the dispatch. */
export interface CancelShipment {
  readonly type: 'CancelShipment';
  readonly orderId: OrderId;
  readonly customerId: CustomerId;
  readonly reason?: string;
  readonly cancelledBy: string;
}

export type ShipmentCommand =
  | RequestShipment
  | DispatchShipment
  | RecordDispatch
  | RecordRecall
  | DeliverShipment
  | CancelShipment;
