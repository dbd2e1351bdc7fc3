import { productId } from '../../domain/kernel/ids.ts';

/** Returns an event to append: `StockReceived` of a sample product, recorded by the given command. */
export const stockReceived = (quantity: number, commandId = `command-${quantity}`) => ({
  event: { type: 'StockReceived', data: { productId: productId('85123A'), quantity } },
  metadata: {
    $correlationId: 'correlation-1',
    $causationId: 'cause-1',
    commandId,
    actor: { sub: 'olivia', role: 'operator' } as const,
  },
});
