import type { Exception } from '../../domain/fulfilment/steps.ts';
import type { OrderId } from '../../domain/kernel/ids.ts';
import type { Logger } from '../../event-store/logger.ts';
import { exceptionStep, type Parking } from './parked-steps.ts';
import { TooManyParked } from './refusals.ts';

/**
 * Parks exceptions. When the list of parked steps is full, only the order shows the exception, since the order must go
 * on. Throws what the command handler throws.
 */
export const parkingExceptions =
  (parking: Pick<Parking, 'park'>, logger: Logger) =>
  async (orderId: OrderId, exception: Exception): Promise<void> => {
    try {
      await parking.park(exceptionStep(orderId, exception), exception.detail);
    } catch (error) {
      if (!(error instanceof TooManyParked)) throw error;
      logger.error('the list of parked steps is full: only the order shows this exception', {
        orderId,
        kind: exception.kind,
      });
    }
  };
