import { fulfilmentEvents } from '../../domain/fulfilment/events.ts';
import { orderEvents } from '../../domain/order/events.ts';
import { paymentEvents } from '../../domain/payment/events.ts';
import { shipmentEvents } from '../../domain/shipment/events.ts';
import type { RecordedEvent } from '../../event-store/codec/recorded-event.ts';
import { defineDocumentProjection, forEachType } from '../define-projection.ts';
import { positionKey } from '../documents/position-key.ts';
import { type EventOfType, typesOf } from '../shop-event.ts';
import { TimelineDocument } from './document.ts';
import { shortKey } from './short-key.ts';
import { documentOf } from './stored-entry.ts';

const eventTypes = [
  ...typesOf(...orderEvents, ...paymentEvents, ...shipmentEvents, ...fulfilmentEvents),
  'StockReserved',
  'StockReservationRefused',
  'StockReleased',
  'StockCommitted',
] as const;

/** Every event that names an order: of the order, its payment, its shipment, its fulfilment, and its stock. */
export const timelineProjection = defineDocumentProjection({
  name: 'timeline',
  version: 3,
  growsOnly: true,
  document: TimelineDocument,
  eventTypes,
  indexes: [
    // Other names than in version 1, which formats positions differently: its generations must not be read.
    { name: 'ofOrder', fields: ['orderId', 'position'], direction: 'ascending' },
    { name: 'ofLog', fields: ['position'], direction: 'ascending' },
  ],
  // Each event belongs to one order, so its position is unique.
  documentId: ({ position }) => shortKey(position),
  on: forEachType(
    eventTypes,
    (_: unknown, recorded: RecordedEvent<EventOfType<(typeof eventTypes)[number]>>) => {
      const { event, id, stream, revision, at, position, metadata } = recorded;
      return documentOf({
        orderId: event.data.orderId,
        position: positionKey(position),
        id,
        type: event.type,
        stream,
        revision: revision.toString(),
        at: at.toISOString(),
        data: { ...event.data },
        causationId: metadata.$causationId,
      });
    },
  ),
});
