import { DomainError } from '../kernel/domain-error.ts';
import type { OrderId } from '../kernel/ids.ts';
import type { Parcel } from './commands.ts';

/** The shipment was not requested: the order is not paid yet. */
export class ShipmentNotRequested extends DomainError {
  override readonly name = 'ShipmentNotRequested';
  readonly code = 'shipment-not-requested';

  constructor() {
    super('no shipment was requested yet', {});
  }
}

/** The shipment cannot be delivered before it is dispatched. */
export class ShipmentNotDispatched extends DomainError {
  override readonly name = 'ShipmentNotDispatched';
  readonly code = 'shipment-not-dispatched';

  constructor() {
    super('the shipment was not dispatched yet', {});
  }
}

type Dispatch = Parcel & { readonly orderId: OrderId };

/** The shipment was dispatched: it can neither be cancelled nor dispatched with another carrier or number. */
export class ShipmentAlreadyDispatched extends DomainError<Dispatch> {
  override readonly name = 'ShipmentAlreadyDispatched';
  readonly code = 'shipment-already-dispatched';

  constructor({ orderId, carrier, trackingNumber }: Dispatch) {
    const data = { orderId, carrier, trackingNumber };
    super(`order ${orderId} was dispatched with ${carrier}, number ${trackingNumber}`, data);
  }
}

/** The shipment was cancelled before the dispatch. */
export class ShipmentAlreadyCancelled extends DomainError<{ orderId: OrderId }> {
  override readonly name = 'ShipmentAlreadyCancelled';
  readonly code = 'shipment-already-cancelled';

  constructor(orderId: OrderId) {
    super(`the shipment of order ${orderId} was cancelled`, { orderId });
  }
}
