import { type InventoryEvent, inventoryEvents } from '../../domain/inventory/events.ts';
import { type DocumentHandler, defineDocumentProjection } from '../define-projection.ts';
import { positionKey } from '../documents/position-key.ts';
import { typesOf } from '../shop-event.ts';
import { MovementDocument, type MovementResponse } from './document.ts';

/** Changes of each product's stock, one document per event. */
export const movementsProjection = defineDocumentProjection({
  name: 'movements',
  version: 1,
  growsOnly: true,
  document: MovementDocument,
  indexes: [{ name: 'byProduct', fields: ['productId', 'position'], direction: 'descending' }],
  eventTypes: typesOf(...inventoryEvents),
  documentId: ({ event, position }) => `${event.data.productId}:${positionKey(position)}`,
  on: {
    StockOpened: movement(({ quantity }) => ({ quantity })),
    StockReceived: movement(({ quantity }) => ({ quantity })),
    StockAdjusted: movement(({ quantity, reason }) => ({ quantity, reason })),
    StockReserved: movement(({ quantity, orderId }) => ({ quantity, orderId })),
    StockReleased: movement(({ quantity, orderId }) => ({ quantity, orderId })),
    StockCommitted: movement(({ quantity, orderId }) => ({ quantity, orderId })),
    StockReservationRefused: movement(({ orderId, requested, available, cause }) => ({
      quantity: 0,
      orderId,
      reason: cause,
      requested,
      available,
    })),
  },
});

/** Returns a handler that writes a movement with the fields that depend on the event. */
function movement<Event extends InventoryEvent>(
  fieldsOf: (data: Event['data']) => Omit<MovementResponse, 'type' | 'at' | 'revision'>,
): DocumentHandler<MovementDocument, Event> {
  return (_, { event, position, at, revision }) => ({
    productId: event.data.productId,
    ...fieldsOf(event.data),
    type: event.type,
    position: positionKey(position),
    at: at.toISOString(),
    revision: revision.toString(),
  });
}
