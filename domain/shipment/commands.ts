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

export type ShipmentCommand = RequestShipment | DispatchShipment | DeliverShipment | CancelShipment;
