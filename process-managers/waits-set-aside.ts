import { randomUUID } from 'node:crypto';
import type { CommandHandler } from '../command-handling/command-handler.ts';
import type { FulfilmentDecider } from '../domain/fulfilment/decider.ts';
import { isWaitSetAside } from '../domain/fulfilment/state.ts';
import type { Deadline } from '../domain/fulfilment/steps.ts';
import type { OrderId } from '../domain/kernel/ids.ts';
import { fulfilmentStream } from '../event-catalogue/streams.ts';
import type { Logger } from '../event-store/logger.ts';
import { type Cause, FULFILMENT, inStoryOf } from './causes.ts';
import { type Parking, waitStep } from './parked/parked-steps.ts';
import { isPassing } from './verdicts.ts';

/** Ends a wait that leads to nothing, until an operator has it replayed. May throw what the command handler throws. */
export type SetWaitAside = (
  orderId: OrderId,
  waitingFor: Deadline['waitingFor'],
  reason: string,
  cause: Cause,
) => Promise<void>;

interface Options {
  readonly handler: CommandHandler;
  readonly decider: FulfilmentDecider;
  readonly parking: Pick<Parking, 'park' | 'replayed'>;
  readonly clock: () => Date;
  readonly logger: Logger;
}

/** Reasons may quote what they are about; the list of parked steps has more of them. */
const LONGEST_REASON = 500;

/**
 * First it is listed among the parked steps, then the order's fulfilment stops waiting, and its deadline is due no more:
 * after a crash in between that is done again at the next deadline.
 */
export function settingWaitsAside({ handler, decider, parking, clock, logger }: Options): SetWaitAside {
  return async (orderId, waitingFor, reason, cause) => {
    const step = waitStep(orderId, waitingFor);
    await parking.park(step, reason);
    const told = reason.slice(0, LONGEST_REASON);
    try {
      const { state } = await handler.handle({
        stream: fulfilmentStream(orderId),
        decider,
        command: { type: 'NoteWaitSetAside', orderId, now: clock().toISOString(), waitingFor, reason: told },
        // An id of its own each time, as all that is noted there.
        context: inStoryOf(orderId, `wait-set-aside:${randomUUID()}`, cause, FULFILMENT),
      });
      // Somebody may have had it replayed in between, to no avail, or the story may have got past it.
      if (isWaitSetAside(state) && state.setAside === waitingFor) await parking.park(step, reason);
      else await parking.replayed(step.stepId);
    } catch (error) {
      if (isPassing(error)) throw error;
      // It is this very stream that cannot be read: that the step is listed is all that can be done.
      logger.error('a wait is parked, but its deadline stays due', { orderId, waitingFor, error });
    }
  };
}

/** Takes a wait that is over off the list. Never rejects: where it stays, an operator's replay changes nothing. */
export const unlistingWaits =
  (parking: Pick<Parking, 'replayed'>, logger: Logger) =>
  async (orderId: OrderId, waitingFor: Deadline['waitingFor']): Promise<void> => {
    await parking
      .replayed(waitStep(orderId, waitingFor).stepId)
      .catch((error: unknown) => logger.warn('a wait is over, and may still be listed', { orderId, error }));
  };
