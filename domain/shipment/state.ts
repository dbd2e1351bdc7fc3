import type { CustomerId, OrderId } from '../kernel/ids.ts';
import type { Parcel, RecordRecall } from './commands.ts';

interface Shipment {
  readonly orderId: OrderId;
  readonly customerId: CustomerId;
  /** Tracking numbers of parcels that contradict the record. */
  readonly strayParcels: readonly string[];
  /** The last response to a recall, and the number of such parcels at that time. */
  readonly recall?: { readonly outcome: RecordRecall['outcome']; readonly strays: number };
}
interface RequestedShipment extends Shipment {
  readonly status: 'requested';
}
export interface DispatchedShipment extends Shipment, Parcel {
  readonly status: 'dispatched' | 'delivered';
}
interface CancelledShipment extends Shipment {
  readonly status: 'cancelled';
  /** Of the first cancellation. `OrderCancelled` repeats them. */
  readonly reason: string | undefined;
  readonly cancelledBy: string;
}

export type ExistingShipment = RequestedShipment | DispatchedShipment | CancelledShipment;
export type ShipmentState = { readonly status: 'unrequested' } | ExistingShipment;

export const initialShipment: ShipmentState = { status: 'unrequested' };
