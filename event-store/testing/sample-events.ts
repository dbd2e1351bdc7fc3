import { productId } from '../../domain/kernel/ids.ts';
import type { NewEvent } from '../event-store.ts';

/** `StockReceived` of a sample product, by the command named. */
export const stockReceived = (quantity: number, commandId = `command-${quantity}`): NewEvent => ({
  event: { type: 'StockReceived', data: { productId: productId('85123A'), quantity } },
  metadata: {
    $correlationId: 'correlation-1',
    $causationId: 'cause-1',
    commandId,
    actor: { sub: 'olivia', role: 'operator' },
  },
});
