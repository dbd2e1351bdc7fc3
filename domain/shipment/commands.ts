import type { CustomerId, OrderId } from '../kernel/ids.ts';

export interface RequestShipment {
  readonly type: 'RequestShipment';
  readonly orderId: OrderId;
  readonly customerId: CustomerId;
}
/** Refused after a cancellation; the same carrier and number again is no event, another is refused. */
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
/** Refused after dispatch. */
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
