import { defined } from '../defined.ts';
import type { Projection } from '../projection.ts';
import type { RecordedShopEvent, ShopEvent } from '../shop-event.ts';
import { singleDocument } from '../single-document.ts';
import type { ShipmentDocument } from './document.ts';

/** One shipment per order. */
export const shipmentsProjection: Projection<ShipmentDocument, ShopEvent> = {
  name: 'shipments',
  version: 1,
  indexes: [],
  ...singleDocument<ShipmentDocument>(orderOf, (document, recorded) => {
    const change = changeOf(recorded);
    if (change === undefined || !('customerId' in recorded.event.data)) return undefined;
    const { orderId, customerId } = recorded.event.data;
    return {
      orderId,
      customerId,
      ...document,
      ...change,
      updatedAt: recorded.at.toISOString(),
      revision: recorded.revision.toString(),
    };
  }),
};

function orderOf(event: ShopEvent): string | undefined {
  switch (event.type) {
    case 'ShipmentRequested':
    case 'ShipmentDispatched':
    case 'ShipmentDelivered':
    case 'ShipmentCancelled':
      return event.data.orderId;
    default:
      return undefined;
  }
}

type Change = Partial<ShipmentDocument> & Pick<ShipmentDocument, 'status'>;

function changeOf({ event, at }: RecordedShopEvent): Change | undefined {
  switch (event.type) {
    case 'ShipmentRequested':
      return { status: 'requested', requestedAt: at.toISOString() };
    case 'ShipmentDispatched': {
      const { carrier, trackingNumber, dispatchedAt } = event.data;
      return { status: 'dispatched', carrier, trackingNumber, dispatchedAt };
    }
    case 'ShipmentDelivered':
      return { status: 'delivered', deliveredAt: event.data.deliveredAt };
    case 'ShipmentCancelled': {
      const { reason, cancelledBy } = event.data;
      const cancellation = { cancelledBy, cancelledAt: at.toISOString(), ...defined({ reason }) };
      return { status: 'cancelled', cancellation };
    }
    default:
      return undefined;
  }
}
