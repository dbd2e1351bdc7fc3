import { documentVersions } from '../../domain/kernel/document-versions.ts';
import type { RecordedEvent } from '../../event-store/codec/recorded-event.ts';
import { type DocumentHandler, defineDocumentProjection } from '../define-projection.ts';
import { withException } from '../documents/exceptions.ts';
import { withoutUndefined } from '../documents/without-undefined.ts';
import type { EventOfType, ShopEvent } from '../shop-event.ts';
import { OrderDocument } from './document.ts';

/** Orders with the state of their payment and their shipment. */
export const ordersProjection = defineDocumentProjection({
  name: 'orders',
  version: documentVersions.order,
  document: OrderDocument,
  indexes: [
    { name: 'byPlaced', fields: ['placedAt'], direction: 'descending' },
    { name: 'byStatus', fields: ['status', 'placedAt'], direction: 'descending' },
    { name: 'byCustomer', fields: ['customerId', 'placedAt'], direction: 'descending' },
    { name: 'byCustomerAndStatus', fields: ['customerId', 'status', 'placedAt'], direction: 'descending' },
  ],
  documentId: ({ event }) => event.data.orderId,
  on: {
    OrderPlaced: (_, recorded) => placed(recorded),
    OrderConfirmed: change(() => ({ status: 'confirmed' })),
    OrderRejected: change(({ reason, short }) => ({
      status: 'rejected',
      rejection: { reason, ...withoutUndefined({ short }) },
    })),
    OrderShipped: change(() => ({ status: 'shipped' })),
    OrderDelivered: change(() => ({ status: 'delivered' })),
    OrderCancelled: change(({ reason, cancelledBy }, _, at) => ({
      status: 'cancelled',
      cancellation: { ...withoutUndefined({ reason }), by: cancelledBy, at },
    })),
    PaymentRequested: change(() => ({ payment: { status: 'requested' } })),
    PaymentCaptured: change(({ capturedAt }) => ({ payment: { status: 'captured', capturedAt } })),
    PaymentDeclined: change(({ reason }) => ({ payment: { status: 'declined', reason } })),
    PaymentFailed: change(({ reason }) => ({ payment: { status: 'failed', reason } })),
    PaymentRefunded: change(({ reason, refundedAt }, { payment }) => ({
      payment: { ...payment, status: 'refunded', reason, refundedAt },
    })),
    ShipmentRequested: change((_, { shipment }) => ({ shipment: { ...shipment, status: 'requested' } })),
    ShipmentDispatched: change(({ carrier, trackingNumber, dispatchedAt }, { shipment }) => ({
      shipment: { ...shipment, status: 'dispatched', carrier, trackingNumber, dispatchedAt },
    })),
    ShipmentDelivered: change(({ deliveredAt }, { shipment }) => ({
      shipment: { ...shipment, status: 'delivered', deliveredAt },
    })),
    ShipmentCancelled: change(({ reason, cancelledBy }, { shipment }) => ({
      shipment: { ...shipment, status: 'cancelled', cancelledBy, ...withoutUndefined({ reason }) },
    })),
    FulfilmentExceptionRecorded: change((exception, { exceptions }) => ({
      exceptions: withException(exceptions, exception),
    })),
  },
});

function placed({ event, at, revision }: RecordedEvent<EventOfType<'OrderPlaced'>>): OrderDocument {
  const { orderId, customerId, lines, total, shipTo, placedAt } = event.data;
  return {
    orderId,
    customerId,
    status: 'placed',
    items: lines,
    total,
    ...withoutUndefined({ shipTo }),
    placedAt,
    updatedAt: at.toISOString(),
    revision: revision.toString(),
  };
}

/** Returns a handler that changes an order by the data of an event and the time of its recording. */
function change<Event extends ShopEvent>(
  changesOf: (data: Event['data'], order: OrderDocument, at: string) => Partial<OrderDocument>,
): DocumentHandler<OrderDocument, Event> {
  return (order, { event, at, stream, revision }) => {
    if (order === undefined) return undefined;
    const updatedAt = at.toISOString();
    return {
      ...order,
      ...changesOf(event.data, order, updatedAt),
      updatedAt,
      revision: stream.startsWith('order-') ? revision.toString() : order.revision,
    };
  };
}
