import type { CustomerId, OrderId } from '../kernel/ids.ts';

export interface RequestShipment {
  readonly type: 'RequestShipment';
  readonly orderId: OrderId;
  readonly customerId: CustomerId;
}
/** The parcel that the carrier has taken. */
export interface Parcel {
  readonly carrier: string;
  readonly trackingNumber: string;
}
/** Rejected after a cancellation, and for another carrier or number after a dispatch. A repeated dispatch records no event. */
export interface DispatchShipment extends Parcel {
  readonly type: 'DispatchShipment';
  readonly dispatchedAt: string;
}
/** A fact from the carrier: never rejected after the shipment was requested, in any status. */
export interface RecordDispatch extends Parcel {
  readonly type: 'RecordDispatch';
  readonly dispatchedAt: string;
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
