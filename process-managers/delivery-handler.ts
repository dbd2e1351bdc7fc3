import { LRUCache } from 'lru-cache';
import pLimit from 'p-limit';
import type { StepSubject } from '../event-catalogue/parked-events.ts';
import type { RecordedEvent } from '../event-store/codec/recorded-event.ts';
import { idOfStream } from '../event-store/stream-name.ts';
import type { Delivery, ToPark, Verdict } from '../event-store/subscriptions/persistent-subscription.ts';
import type { Step } from './parked/commands.ts';
import { type Parking, stepOf } from './parked/parked-steps.ts';
import { judge, reasonOf } from './verdicts.ts';

/** Delivered more often than this, an event is handled under suspicion: it may be what ends its consumers. */
export const UNSUSPECTED = 10;

export interface DeliveryHandlerOptions {
  readonly group: string;
  readonly handle: (recorded: RecordedEvent) => Promise<void>;
  readonly parking: Pick<Parking, 'park' | 'mayTry' | 'survived'>;
  /** Which step an event is about, when it is not one of its own. */
  readonly about?: (recorded: RecordedEvent) => Step;
}

export interface DeliveryHandler {
  /** Makes a verdict of what became of a delivery. */
  readonly handle: (delivery: Delivery) => Promise<Verdict>;
  readonly park: (event: ToPark) => Promise<void>;
}

/**
 * How often a delivery came before says nothing by itself: an outage, a restart, a consumer that left count as well. So
 * one that came often is noted in the log before it is handled; what is noted again and again, and never noted
 * as survived, is what ends its consumers. Under suspicion they are handled one after the other: what ends the process
 * must not leave its mark on those beside it.
 */
export function deliveryHandler({
  group,
  handle,
  parking,
  ...options
}: DeliveryHandlerOptions): DeliveryHandler {
  const { failed, succeeded } = judge();
  /** Steps whose survival is not noted yet: the store was away. */
  const toNote = new LRUCache<string, true>({ max: 10_000 });
  const alone = pLimit(1);
  const ownStep = (event: Place): Step => stepOf(subjectOf(group, event));
  const about =
    options.about ??
    (({ stream, revision, event: { type } }: RecordedEvent) => ownStep({ stream, revision, type }));

  const attempt = async (recorded: RecordedEvent): Promise<Verdict> => {
    try {
      await handle(recorded);
      succeeded(recorded.id);
      return { verdict: 'ack' };
    } catch (error) {
      const { giveUp, reason } = failed(recorded.id, error);
      return { verdict: giveUp ? 'park' : 'retry', reason };
    }
  };

  const attemptSuspect = async (recorded: RecordedEvent): Promise<Verdict> => {
    const step = about(recorded);
    const { stepId } = step;
    try {
      if (toNote.has(stepId)) await parking.survived(step);
      toNote.delete(stepId);
      if (!(await parking.mayTry(step))) return { verdict: 'ack' };
      const verdict = await attempt(recorded);
      // An outage must not leave a mark behind each time: they would add up to a suspicion of what is healthy.
      toNote.set(stepId, true);
      await parking.survived(step);
      toNote.delete(stepId);
      return verdict;
    } catch (error) {
      return { verdict: 'retry', reason: reasonOf(error) };
    }
  };

  return {
    handle: async ({ recorded, retryCount }) =>
      retryCount <= UNSUSPECTED ? attempt(recorded) : alone(attemptSuspect, recorded),
    park: (event) => parking.park(ownStep(event), event.reason),
  };
}

const OF_AN_ORDER = /^(order|payment|shipment)-/;

type Place = Pick<ToPark, 'stream' | 'revision' | 'type'>;

function subjectOf(group: string, { stream, revision, type }: Place): StepSubject {
  const event = { group, kind: 'event', stream, revision: String(revision), type } as const;
  return OF_AN_ORDER.test(stream) ? { ...event, orderId: idOfStream(stream) } : event;
}
