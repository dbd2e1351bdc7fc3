import { orderId as orderIdFrom } from '../../domain/kernel/ids.ts';
import type { ParkedEvent, StepSubject } from '../../event-catalogue/parked-events.ts';
import type { RecordedEvent } from '../../event-store/codec/recorded-event.ts';
import type { EventStore } from '../../event-store/event-store.ts';
import { settlesWithin } from '../../platform/async/timeout.ts';
import type { FulfilmentRunner } from '../fulfilment-runner.ts';
import type { OutsideCalls } from '../outside-calls.ts';
import { judge } from '../verdicts.ts';
import type { Step } from './commands.ts';
import type { Parking } from './parked-steps.ts';

export interface ReplaysOptions {
  readonly parking: Pick<Parking, 'find' | 'park' | 'replayed'>;
  readonly store: Pick<EventStore, 'read'>;
  /** How the events of each group are handled. */
  readonly handlers: ReadonlyMap<string, (recorded: RecordedEvent) => Promise<void>>;
  readonly runner: Pick<FulfilmentRunner, 'fire' | 'resumeRefund' | 'resumeWait'>;
  readonly calls: Pick<OutsideCalls, 'ended'>;
}

/** How long a replay waits for the calls that it led to: well below the time in which a delivery is to be answered. */
const CALL_MS = 5_000;

/**
 * Handles what operators asked for: the step is taken again as it was taken the first time, then noted as replayed. A
 * crash in between takes it once more, which changes nothing: every step can be repeated. One that fails as before is set
 * aside again.
 */
export function replays({ parking, store, handlers, runner, calls }: ReplaysOptions) {
  const { failed, succeeded } = judge();
  const take = async (subject: StepSubject): Promise<void> => {
    const { group, kind, stream, revision, orderId, deadlineId } = subject;
    switch (kind) {
      case 'event': {
        const handle = handlers.get(group);
        if (handle === undefined) throw new RangeError(`nobody handles the events of ${group}`);
        const recorded = await eventAt(store, stream, BigInt(revision ?? 0));
        if (recorded !== undefined) await handle(recorded);
        return;
      }
      case 'deadline': {
        const order = orderIdFrom(orderId ?? '');
        if (deadlineId !== undefined) return runner.fire(order, deadlineId, true);
        await runner.resumeWait(order);
        // Most calls that still fail do so at once: then it is not noted as done in between.
        await settlesWithin(calls.ended(order), CALL_MS);
        return;
      }
      case 'refund':
        return runner.resumeRefund(orderIdFrom(orderId ?? ''));
      case 'exception':
        // Never requested: exceptions cannot be replayed.
        return;
    }
  };

  return async ({ event }: RecordedEvent): Promise<void> => {
    const { type, data } = event as ParkedEvent;
    if (type !== 'StepReplayRequested') return;
    const step = await parking.find(data.stepId);
    if (step?.status !== 'replaying') return;
    const { stepId, subject, number } = step;
    try {
      await take(subject);
    } catch (error) {
      const { giveUp, reason } = failed(stepId, error);
      if (!giveUp) throw error;
      return parking.park({ stepId }, reason);
    }
    succeeded(stepId);
    await parking.replayed(stepId, number);
  };
}

/** Of a request for a replay, the step that it is about: should it end its consumers, that one is set aside again. */
export const stepToReplay = ({ event }: RecordedEvent): Step => ({
  stepId: (event as ParkedEvent).data.stepId,
});

/** Undefined when it is there no more, or nobody knows its type any longer. */
async function eventAt(
  store: Pick<EventStore, 'read'>,
  stream: string,
  revision: bigint,
): Promise<RecordedEvent | undefined> {
  for await (const recorded of store.read(stream, { from: revision }))
    return recorded.revision === revision ? recorded : undefined;
  return undefined;
}
