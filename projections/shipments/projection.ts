import { documentVersions } from '../../domain/kernel/document-versions.ts';
import { unhandled } from '../../domain/kernel/refusal.ts';
import { withException } from '../documents/exceptions.ts';
import { withoutUndefined } from '../documents/without-undefined.ts';
import type { Projection } from '../projection.ts';
import type { ShopEvent } from '../shop-event.ts';
import { type OfType, singleDocument } from '../single-document.ts';
import type { ShipmentDocument } from './document.ts';

const eventTypes = [
  'ShipmentRequested',
  'ShipmentDispatched',
  'ShipmentDelivered',
  'ShipmentCancelled',
  'ShipmentRecalled',
  'FulfilmentExceptionRecorded',
] as const;
type Folded = OfType<(typeof eventTypes)[number]>;
type ShipmentFact = Exclude<Folded, { type: 'FulfilmentExceptionRecorded' }>;

const orderOf = ({ data }: Folded): string => data.orderId;

/** One shipment per order. */
export const shipmentsProjection: Projection<ShipmentDocument, ShopEvent> = {
  name: 'shipments',
  version: documentVersions.shipment,
  indexes: [
    { name: 'byOpened', fields: ['openedAt'], direction: 'ascending' },
    { name: 'byStatus', fields: ['status', 'openedAt'], direction: 'ascending' },
  ],
  ...singleDocument(eventTypes, orderOf, (document: ShipmentDocument | undefined, recorded) => {
    const { event, at } = recorded;
    const updatedAt = at.toISOString();
    if (event.type === 'FulfilmentExceptionRecorded')
      return (
        document && { ...document, exceptions: withException(document.exceptions, event.data), updatedAt }
      );
    return {
      orderId: event.data.orderId,
      customerId: event.data.customerId,
      openedAt: updatedAt,
      // A response to a recall may arrive when the shipment has only been cancelled.
      status: 'cancelled' as const,
      ...document,
      ...changeOf(event, at),
      updatedAt,
      revision: recorded.revision.toString(),
    };
  }),
};

function changeOf(event: ShipmentFact, at: Date): Partial<ShipmentDocument> {
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
      const cancellation = { cancelledBy, cancelledAt: at.toISOString(), ...withoutUndefined({ reason }) };
      return { status: 'cancelled', cancellation };
    }
    case 'ShipmentRecalled': {
      const { outcome, reason, recalledAt } = event.data;
      return { recall: { outcome, at: recalledAt, ...withoutUndefined({ reason }) } };
    }
    default:
      return unhandled(event);
  }
}
