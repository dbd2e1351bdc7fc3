import type { Exception } from '../../domain/fulfilment/steps.ts';
import type { OrderId } from '../../domain/kernel/ids.ts';
import { TooManyParked } from '../../domain/parking/errors.ts';
import { exceptionItem } from '../../event-catalogue/parked-items.ts';
import type { Logger } from '../../event-store/logger.ts';
import type { Parking } from './parking.ts';

/**
 * Creates a function that parks exceptions. When the list is full, only the order shows the exception, since the order
 * must go on. Throws what the command handler throws.
 */
export const createParkException =
  (parking: Pick<Parking, 'park'>, logger: Logger) =>
  async (orderId: OrderId, { kind, number, detail }: Exception): Promise<void> => {
    try {
      await parking.park(exceptionItem(orderId, kind, number), { reason: 'exception', detail });
    } catch (error) {
      if (!(error instanceof TooManyParked)) throw error;
      logger.error('the parking list is full: only the order shows this exception', { orderId, kind });
    }
  };
