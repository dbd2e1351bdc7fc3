import { positionKey } from '../position-key.ts';
import type { Projection } from '../projection.ts';
import type { ShopEvent } from '../shop-event.ts';
import type { TimelineDocument } from './document.ts';

/** Every event that names an order: its own, its payment's, its shipment's, its fulfilment's, and what stock did for it. */
export const timelineProjection: Projection<TimelineDocument, ShopEvent> = {
  name: 'timeline',
  version: 1,
  growsOnly: true,
  indexes: [
    { name: 'byOrder', fields: ['orderId', 'position'], direction: 'ascending' },
    { name: 'byPosition', fields: ['position'], direction: 'ascending' },
  ],
  touches: ({ event, position }) =>
    'orderId' in event.data ? [idOf(event.data.orderId, positionKey(position))] : [],
  evolve: (_, { event, stream, revision, at, position, metadata }) => {
    if (!('orderId' in event.data)) return new Map();
    const { type, data } = event;
    const document: TimelineDocument = {
      orderId: event.data.orderId,
      position: positionKey(position),
      type,
      stream,
      revision: revision.toString(),
      at: at.toISOString(),
      data: { ...data },
      causationId: metadata.$causationId,
    };
    return new Map([[idOf(document.orderId, document.position), document]]);
  },
};

const idOf = (orderId: string, position: string): string => `${orderId}:${position}`;
