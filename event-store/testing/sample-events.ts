import { z } from 'zod';
import type { EventCatalogue } from '../catalogue.ts';
import type { NewEvent } from '../event-store.ts';

/** A catalogue of one event type, for the specs of the event store. */
export const catalogue: EventCatalogue = {
  definitions: [
    {
      type: 'UnitsCounted',
      version: 1,
      schema: z.strictObject({ productId: z.string(), quantity: z.int() }),
    },
  ],
  upcasters: [],
  prefixes: ['inventory-', 'order-', 'product-'],
  dataVersion: 1,
};

/** Returns a `UnitsCounted` of a sample product, recorded by the given command. */
export const unitsCounted = (quantity: number, commandId = `command-${quantity}`): NewEvent => ({
  event: { type: 'UnitsCounted', data: { productId: '85123A', quantity } },
  metadata: {
    $correlationId: 'correlation-1',
    $causationId: 'cause-1',
    commandId,
    actor: { sub: 'olivia', role: 'operator' },
  },
});
