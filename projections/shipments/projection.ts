import { documentVersions } from '../../domain/kernel/document-versions.ts';
import { unhandled } from '../../domain/kernel/refusal.ts';
import type { RecordedEvent } from '../../event-store/recorded-event.ts';
import { defined } from '../defined.ts';
import type { Projection } from '../projection.ts';
import type { ShopEvent } from '../shop-event.ts';
import { type OfType, singleDocument } from '../single-document.ts';
import type { ShipmentDocument } from './document.ts';

const eventTypes = [
  'ShipmentRequested',
  'ShipmentDispatched',
  'ShipmentDelivered',
  'ShipmentCancelled',
] as const;
type ShipmentFact = OfType<(typeof eventTypes)[number]>;

const orderOf = ({ data }: ShipmentFact): string => data.orderId;

/** One shipment per order. */
export const shipmentsProjection: Projection<ShipmentDocument, ShopEvent> = {
  name: 'shipments',
  version: documentVersions.shipment,
  indexes: [
    { name: 'byOpened', fields: ['openedAt'], direction: 'ascending' },
    { name: 'byStatus', fields: ['status', 'openedAt'], direction: 'ascending' },
  ],
  ...singleDocument(eventTypes, orderOf, (document: ShipmentDocument | undefined, recorded) => ({
    orderId: recorded.event.data.orderId,
    customerId: recorded.event.data.customerId,
    openedAt: recorded.at.toISOString(),
    ...document,
    ...changeOf(recorded),
    updatedAt: recorded.at.toISOString(),
    revision: recorded.revision.toString(),
  })),
};

type Change = Partial<ShipmentDocument> & Pick<ShipmentDocument, 'status'>;

function changeOf({ event, at }: RecordedEvent<ShipmentFact>): Change {
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
      return unhandled(event);
  }
}
