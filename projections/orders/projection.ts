import { documentVersions } from '../../domain/kernel/document-versions.ts';
import { unhandled } from '../../domain/kernel/refusal.ts';
import { withException } from '../documents/exceptions.ts';
import { withoutUndefined } from '../documents/without-undefined.ts';
import type { Projection } from '../projection.ts';
import type { ShopEvent } from '../shop-event.ts';
import { type OfType, singleDocument } from '../single-document.ts';
import type { OrderDocument } from './document.ts';

const eventTypes = [
  'OrderPlaced',
  'OrderConfirmed',
  'OrderRejected',
  'OrderShipped',
  'OrderDelivered',
  'OrderCancelled',
  'PaymentRequested',
  'PaymentCaptured',
  'PaymentDeclined',
  'PaymentFailed',
  'PaymentRefunded',
  'ShipmentRequested',
  'ShipmentDispatched',
  'ShipmentDelivered',
  'ShipmentCancelled',
  'FulfilmentExceptionRecorded',
] as const;
type Change = OfType<Exclude<(typeof eventTypes)[number], 'OrderPlaced'>>;

const orderOf = ({ data }: { readonly data: { readonly orderId: string } }): string => data.orderId;

/** Orders with what became of their payment and their shipment. */
export const ordersProjection: Projection<OrderDocument, ShopEvent> = {
  name: 'orders',
  version: documentVersions.order,
  indexes: [
    { name: 'byPlaced', fields: ['placedAt'], direction: 'descending' },
    { name: 'byStatus', fields: ['status', 'placedAt'], direction: 'descending' },
    { name: 'byCustomer', fields: ['customerId', 'placedAt'], direction: 'descending' },
    { name: 'byCustomerAndStatus', fields: ['customerId', 'status', 'placedAt'], direction: 'descending' },
  ],
  ...singleDocument(eventTypes, orderOf, (document: OrderDocument | undefined, recorded) => {
    const { event } = recorded;
    const updatedAt = recorded.at.toISOString();
    const revision = recorded.revision.toString();
    if (event.type === 'OrderPlaced') {
      const { orderId, customerId, lines, total, placedAt } = event.data;
      return { orderId, customerId, status: 'placed', items: lines, total, placedAt, updatedAt, revision };
    }
    const ofOwnStream = recorded.stream.startsWith('order-');
    return (
      document && {
        ...document,
        ...changeOf(document, event, updatedAt),
        updatedAt,
        revision: ofOwnStream ? revision : document.revision,
      }
    );
  }),
};

function changeOf(
  { payment, shipment, exceptions }: OrderDocument,
  event: Change,
  at: string,
): Partial<OrderDocument> {
  switch (event.type) {
    case 'OrderConfirmed':
      return { status: 'confirmed' };
    case 'OrderRejected': {
      const { reason, short } = event.data;
      return { status: 'rejected', rejection: { reason, ...withoutUndefined({ short }) } };
    }
    case 'OrderShipped':
      return { status: 'shipped' };
    case 'OrderDelivered':
      return { status: 'delivered' };
    case 'OrderCancelled': {
      const { reason, cancelledBy } = event.data;
      return { status: 'cancelled', cancellation: { ...withoutUndefined({ reason }), by: cancelledBy, at } };
    }
    case 'PaymentRequested':
      return { payment: { status: 'requested' } };
    case 'PaymentCaptured':
      return { payment: { status: 'captured', capturedAt: event.data.capturedAt } };
    case 'PaymentDeclined':
      return { payment: { status: 'declined', reason: event.data.reason } };
    case 'PaymentFailed':
      return { payment: { status: 'failed', reason: event.data.reason } };
    case 'PaymentRefunded': {
      const { reason, refundedAt } = event.data;
      return { payment: { ...payment, status: 'refunded', reason, refundedAt } };
    }
    case 'ShipmentRequested':
      return { shipment: { ...shipment, status: 'requested' } };
    case 'ShipmentDispatched': {
      const { carrier, trackingNumber, dispatchedAt } = event.data;
      return { shipment: { ...shipment, status: 'dispatched', carrier, trackingNumber, dispatchedAt } };
    }
    case 'ShipmentDelivered':
      return { shipment: { ...shipment, status: 'delivered', deliveredAt: event.data.deliveredAt } };
    case 'ShipmentCancelled': {
      const { reason, cancelledBy } = event.data;
      return { shipment: { ...shipment, status: 'cancelled', cancelledBy, ...withoutUndefined({ reason }) } };
    }
    case 'FulfilmentExceptionRecorded':
      return { exceptions: withException(exceptions, event.data) };
    default:
      return unhandled(event);
  }
}
