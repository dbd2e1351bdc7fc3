import { aggregate } from '../command-handling/aggregates.ts';
import type { CommandHandler } from '../command-handling/command-handler.ts';
import type { ProductEvent } from '../domain/product/events.ts';
import type { RecordedEvent } from '../event-store/codec/recorded-event.ts';
import { OPENING_STOCK } from './causes.ts';

/**
 * A product that was created has its opening stock. The API puts it there before it answers; this repeats that where a
 * crash came between, and changes nothing where it is in place.
 */
export function openingStock(handler: CommandHandler): (recorded: RecordedEvent) => Promise<void> {
  return async ({ event, id, metadata }) => {
    const { type, data } = event as ProductEvent;
    if (type !== 'ProductCreated') return;
    const { productId, openingQuantity: quantity } = data;
    if (quantity === 0) return;
    const { $correlationId: correlationId, traceparent } = metadata;
    await handler.handle({
      ...aggregate('inventory', productId),
      command: { type: 'OpenStock', productId, quantity },
      context: {
        commandId: `${OPENING_STOCK.sub}:${productId}`,
        correlationId,
        causationId: id,
        actor: OPENING_STOCK,
        ...(traceparent === undefined ? {} : { traceparent }),
      },
    });
  };
}
