import { fulfilmentEvents } from '../../domain/fulfilment/events.ts';
import { orderEvents } from '../../domain/order/events.ts';
import { paymentEvents } from '../../domain/payment/events.ts';
import { shipmentEvents } from '../../domain/shipment/events.ts';
import { positionKey } from '../documents/position-key.ts';
import type { Projection } from '../projection.ts';
import type { ShopEvent } from '../shop-event.ts';
import { isOneOf } from '../single-document.ts';
import type { TimelineDocument } from './document.ts';
import { shortKey } from './short-key.ts';
import { documentOf } from './stored-entry.ts';

const eventTypes = [
  ...[...orderEvents, ...paymentEvents, ...shipmentEvents, ...fulfilmentEvents].map(({ type }) => type),
  'StockReserved',
  'StockReservationRefused',
  'StockReleased',
  'StockCommitted',
] as const;
const isOfAnOrder = isOneOf(eventTypes);

/** Every event that names an order: its own, its payment's, its shipment's, its fulfilment's, and what stock did for it. */
export const timelineProjection: Projection<TimelineDocument, ShopEvent> = {
  name: 'timeline',
  version: 2,
  growsOnly: true,
  eventTypes,
  indexes: [
    // Other names than in version 1, which formats positions differently: its generations must not be read.
    { name: 'ofOrder', fields: ['orderId', 'position'], direction: 'ascending' },
    { name: 'ofLog', fields: ['position'], direction: 'ascending' },
  ],
  touches: (recorded) => (isOfAnOrder(recorded) ? [shortKey(recorded.position)] : []),
  evolve: (_, recorded) => {
    if (!isOfAnOrder(recorded)) return new Map();
    const { event, stream, revision, at, position, metadata } = recorded;
    const { type, data } = event;
    const document = documentOf({
      orderId: data.orderId,
      position: positionKey(position),
      type,
      stream,
      revision: revision.toString(),
      at: at.toISOString(),
      data: { ...data },
      causationId: metadata.$causationId,
    });
    // Each event belongs to one order, so its position is unique.
    return new Map([[document.position, document]]);
  },
};
