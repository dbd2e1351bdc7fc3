import pLimit from 'p-limit';
import { ParkReason } from '../../../domain/parking/events.ts';
import { eventItem, type ItemToPark } from '../../../event-catalogue/parked-items.ts';
import type { RecordedEvent } from '../../../event-store/codec/recorded-event.ts';
import type {
  Delivery,
  ToPark,
  Verdict,
} from '../../../event-store/subscriptions/persistent-subscription.ts';
import { createJudge, describeError } from '../verdicts.ts';
import { type CrashGuard, WORKER_CRASHED } from './crash-guard.ts';
import type { Parking } from './parking.ts';

/** An event that was delivered more often than this may crash its worker; its attempts are recorded. */
export const MAX_UNGUARDED_DELIVERIES = 10;

export interface DeliveryHandlerOptions {
  readonly group: string;
  readonly handle: (recorded: RecordedEvent) => Promise<void>;
  readonly parking: Pick<Parking, 'park' | 'find'>;
  readonly guard: CrashGuard;
  /** The item that an event is about, when that is not the event itself. */
  readonly about?: (recorded: RecordedEvent) => Pick<ItemToPark, 'itemId'>;
}

export interface DeliveryHandler {
  /** Handles a delivery and judges the result. */
  readonly handle: (delivery: Delivery) => Promise<Verdict>;
  readonly park: (event: ToPark) => Promise<void>;
}

/**
 * Creates the handler of a group's deliveries. Outages and restarts raise the delivery count too, so the count alone does
 * not prove crashes. The crash guard therefore handles events that were delivered often, one at a time: a crash then
 * leaves an open attempt only on the event that caused it.
 */
export function createDeliveryHandler(options: DeliveryHandlerOptions): DeliveryHandler {
  const { group, handle, parking, guard } = options;
  const { failed, succeeded } = createJudge();
  const oneAtATime = pLimit(1);
  const about =
    options.about ??
    (({ stream, revision, event: { type } }: RecordedEvent) => eventItem(group, { stream, revision, type }));

  const attempt = async (recorded: RecordedEvent): Promise<Verdict> => {
    try {
      await handle(recorded);
      succeeded(recorded.id);
      return { verdict: 'ack' };
    } catch (error) {
      const judgement = failed(recorded.id, error);
      if (!judgement.giveUp) return { verdict: 'retry', reason: judgement.detail };
      return { verdict: 'park', reason: judgement.detail, code: judgement.reason };
    }
  };

  const attemptGuarded = async (recorded: RecordedEvent): Promise<Verdict> => {
    const item = about(recorded);
    try {
      if ((await parking.find(item.itemId))?.status === 'parked') return { verdict: 'ack' };
      const verdict = await guard.run(
        item.itemId,
        () => attempt(recorded),
        () => parking.park(item, WORKER_CRASHED),
      );
      return verdict ?? { verdict: 'ack' };
    } catch (error) {
      return { verdict: 'retry', reason: describeError(error) };
    }
  };

  return {
    handle: async ({ recorded, retryCount }) =>
      retryCount <= MAX_UNGUARDED_DELIVERIES ? attempt(recorded) : oneAtATime(attemptGuarded, recorded),
    // The event store's client gives no code when it cannot read an event.
    park: async (event) => {
      await parking.park(eventItem(group, event), {
        reason: ParkReason.catch('permanent-error').parse(event.code),
        detail: event.reason,
      });
    },
  };
}
