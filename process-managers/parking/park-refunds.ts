import { randomUUID } from 'node:crypto';
import type { CommandHandler } from '../../command-handling/command-handler.ts';
import type { FulfilmentDecider } from '../../domain/fulfilment/decider.ts';
import type { OrderId } from '../../domain/kernel/ids.ts';
import { refundItem, waitItem } from '../../event-catalogue/parked-items.ts';
import { fulfilmentStream } from '../../event-catalogue/streams.ts';
import { type Cause, FULFILMENT, inStoryOf } from '../causes.ts';
import type { Parking } from './parking.ts';

interface Options {
  readonly handler: CommandHandler;
  readonly decider: FulfilmentDecider;
  readonly parking: Pick<Parking, 'park' | 'resolve'>;
  readonly clock: () => Date;
}

/**
 * Creates the function that parks a refund which the provider rejects. It first parks the item, then ends the wait on the
 * fulfilment. After a crash in between, the provider rejects the refund once more and both are done again.
 */
export function createParkRefund({ handler, decider, parking, clock }: Options) {
  return async (orderId: OrderId, refusal: string, cause: Cause): Promise<void> => {
    const detail = `the payment provider rejects the refund: ${refusal}`;
    await parking.park(refundItem(orderId), { reason: 'refund-rejected', detail });
    await handler.handle({
      stream: fulfilmentStream(orderId),
      decider,
      command: { type: 'NoteRefundRefused', orderId, now: clock().toISOString(), refusal },
      // A new id each time: the same refund may be parked again.
      context: inStoryOf(orderId, `refund-refused:${randomUUID()}`, cause, FULFILMENT),
    });
    // One item for one refund: earlier failures of its calls no longer matter.
    await parking.resolve(waitItem(orderId, 'refund').itemId);
  };
}
