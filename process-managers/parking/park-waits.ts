import { randomUUID } from 'node:crypto';
import type { CommandHandler } from '../../command-handling/command-handler.ts';
import type { FulfilmentDecider } from '../../domain/fulfilment/decider.ts';
import { isWaitSetAside } from '../../domain/fulfilment/state.ts';
import type { Deadline } from '../../domain/fulfilment/steps.ts';
import type { OrderId } from '../../domain/kernel/ids.ts';
import { waitItem } from '../../event-catalogue/parked-items.ts';
import { fulfilmentStream } from '../../event-catalogue/streams.ts';
import type { Logger } from '../../event-store/logger.ts';
import { type Cause, FULFILMENT, inStoryOf } from '../causes.ts';
import { isPassing } from '../verdicts.ts';
import type { Parking, WhyParked } from './parking.ts';

/** Parks a wait: it has no deadline and makes no calls until an operator replays it. Throws what the command handler throws. */
export type ParkWait = (
  orderId: OrderId,
  waitingFor: Deadline['waitingFor'],
  why: WhyParked,
  cause: Cause,
) => Promise<void>;

interface Options {
  readonly handler: CommandHandler;
  readonly decider: FulfilmentDecider;
  readonly parking: Pick<Parking, 'park' | 'resolve'>;
  readonly clock: () => Date;
  readonly logger: Logger;
}

/** Maximum length of a reason on the stream of the fulfilment. */
const MAX_REASON = 500;

/**
 * Creates the function that parks waits. It first parks the item, then ends the deadline on the fulfilment. After a crash
 * in between, the next deadline does both again.
 */
export function createParkWait({ handler, decider, parking, clock, logger }: Options): ParkWait {
  return async (orderId, waitingFor, why, cause) => {
    const item = waitItem(orderId, waitingFor);
    await parking.park(item, why);
    const reason = why.detail.slice(0, MAX_REASON);
    try {
      const { state } = await handler.handle({
        stream: fulfilmentStream(orderId),
        decider,
        command: { type: 'NoteWaitSetAside', orderId, now: clock().toISOString(), waitingFor, reason },
        // A new id each time: the same wait may be parked again.
        context: inStoryOf(orderId, `wait-set-aside:${randomUUID()}`, cause, FULFILMENT),
      });
      // Meanwhile an operator may have replayed the item, or the order may have moved on.
      if (isWaitSetAside(state) && state.setAside === waitingFor) await parking.park(item, why);
      else await parking.resolve(item.itemId);
    } catch (error) {
      if (isPassing(error)) throw error;
      // The stream of the fulfilment cannot be read, so nothing more than the parked item is possible.
      logger.error('a wait is parked, but its deadline stays due', { orderId, waitingFor, error });
    }
  };
}

/** Creates the function that takes waits off the list once they are over. It never rejects: a needless replay changes nothing. */
export const createUnparkWait =
  (parking: Pick<Parking, 'resolve'>, logger: Logger) =>
  async (orderId: OrderId, waitingFor: Deadline['waitingFor']): Promise<void> => {
    await parking
      .resolve(waitItem(orderId, waitingFor).itemId)
      .catch((error: unknown) => logger.warn('a wait is over, but may still be parked', { orderId, error }));
  };
