import { inventoryEvents } from '../../domain/inventory/events.ts';
import { positionKey } from '../documents/position-key.ts';
import type { Projection } from '../projection.ts';
import type { ShopEvent } from '../shop-event.ts';
import type { MovementDocument } from './document.ts';

/** What happened to each product's stock, one document per event. */
export const movementsProjection: Projection<MovementDocument, ShopEvent> = {
  name: 'movements',
  version: 1,
  growsOnly: true,
  eventTypes: inventoryEvents.map(({ type }) => type),
  indexes: [{ name: 'byProduct', fields: ['productId', 'position'], direction: 'descending' }],
  touches: ({ event, position }) => {
    const movement = movementOf(event);
    return movement === undefined ? [] : [idOf(movement.productId, positionKey(position))];
  },
  evolve: (_, { event, position, at, revision }) => {
    const movement = movementOf(event);
    if (movement === undefined) return new Map();
    const document: MovementDocument = {
      ...movement,
      type: event.type,
      position: positionKey(position),
      at: at.toISOString(),
      revision: revision.toString(),
    };
    return new Map([[idOf(document.productId, document.position), document]]);
  },
};

const idOf = (productId: string, position: string): string => `${productId}:${position}`;

type Movement = Omit<MovementDocument, 'type' | 'position' | 'at' | 'revision'>;

function movementOf(event: ShopEvent): Movement | undefined {
  switch (event.type) {
    case 'StockOpened':
    case 'StockReceived':
    case 'StockAdjusted':
      return { ...event.data };
    case 'StockReserved':
    case 'StockReleased':
    case 'StockCommitted': {
      const { productId, quantity, orderId } = event.data;
      return { productId, quantity, orderId };
    }
    case 'StockReservationRefused': {
      const { productId, orderId, requested, available, cause } = event.data;
      return { productId, quantity: 0, orderId, reason: cause, requested, available };
    }
    default:
      return undefined;
  }
}
