import { documentVersions } from '../../domain/kernel/document-versions.ts';
import type { ShipmentEvent } from '../../domain/shipment/events.ts';
import { type DocumentHandler, defineDocumentProjection } from '../define-projection.ts';
import { withException } from '../documents/exceptions.ts';
import { withoutUndefined } from '../documents/without-undefined.ts';
import { ShipmentDocument } from './document.ts';

/** One shipment per order. */
export const shipmentsProjection = defineDocumentProjection({
  name: 'shipments',
  version: documentVersions.shipment,
  document: ShipmentDocument,
  indexes: [
    { name: 'byOpened', fields: ['openedAt'], direction: 'ascending' },
    { name: 'byStatus', fields: ['status', 'openedAt'], direction: 'ascending' },
  ],
  documentId: ({ event }) => event.data.orderId,
  on: {
    ShipmentRequested: change((_, at) => ({ status: 'requested', requestedAt: at })),
    ShipmentDispatched: change(({ carrier, trackingNumber, dispatchedAt }) => ({
      status: 'dispatched',
      carrier,
      trackingNumber,
      dispatchedAt,
    })),
    ShipmentDelivered: change(({ deliveredAt }) => ({ status: 'delivered', deliveredAt })),
    ShipmentCancelled: change(({ reason, cancelledBy }, at) => ({
      status: 'cancelled',
      cancellation: { cancelledBy, cancelledAt: at, ...withoutUndefined({ reason }) },
    })),
    ShipmentRecalled: change(({ outcome, reason, recalledAt }) => ({
      recall: { outcome, at: recalledAt, ...withoutUndefined({ reason }) },
    })),
    FulfilmentExceptionRecorded: (shipment, { event, at }) =>
      shipment && {
        ...shipment,
        exceptions: withException(shipment.exceptions, event.data),
        updatedAt: at.toISOString(),
      },
  },
});

/** Returns a handler that changes a shipment by the data of an event and the time of its recording. */
function change<Event extends ShipmentEvent>(
  changeOf: (data: Event['data'], at: string) => Partial<ShipmentDocument>,
): DocumentHandler<ShipmentDocument, Event> {
  return (shipment, { event, at, revision }) => {
    const updatedAt = at.toISOString();
    return {
      orderId: event.data.orderId,
      customerId: event.data.customerId,
      openedAt: updatedAt,
      // The carrier may answer a recall when the shipment was cancelled before it was requested.
      status: 'cancelled',
      ...shipment,
      ...changeOf(event.data, updatedAt),
      updatedAt,
      revision: revision.toString(),
    };
  };
}
