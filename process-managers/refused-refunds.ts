import { randomUUID } from 'node:crypto';
import type { CommandHandler } from '../command-handling/command-handler.ts';
import type { FulfilmentDecider } from '../domain/fulfilment/decider.ts';
import type { OrderId } from '../domain/kernel/ids.ts';
import { fulfilmentStream } from '../event-catalogue/streams.ts';
import { type Cause, FULFILMENT, inStoryOf } from './causes.ts';
import { type Parking, refundStep, waitStep } from './parked/parked-steps.ts';

interface Options {
  readonly handler: CommandHandler;
  readonly decider: FulfilmentDecider;
  readonly parking: Pick<Parking, 'park' | 'replayed'>;
  readonly clock: () => Date;
}

/**
 * Ends the asking for a refund that the provider keeps refusing. First it is listed among the parked steps, then the
 * order's fulfilment stops waiting for it: after a crash in between it is refused, and set aside, once more.
 */
export function settingRefundsAside({ handler, decider, parking, clock }: Options) {
  return async (orderId: OrderId, refusal: string, cause: Cause): Promise<void> => {
    await parking.park(refundStep(orderId), `the payment provider refuses the refund: ${refusal}`);
    await handler.handle({
      stream: fulfilmentStream(orderId),
      decider,
      command: { type: 'NoteRefundRefused', orderId, now: clock().toISOString(), refusal },
      // An id of its own each time, as all that is noted there.
      context: inStoryOf(orderId, `refund-refused:${randomUUID()}`, cause, FULFILMENT),
    });
    // One step for one refund: that its calls failed before matters no more.
    await parking.replayed(waitStep(orderId, 'refund').stepId);
  };
}
