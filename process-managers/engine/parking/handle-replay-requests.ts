import type { ParkedSubject, ParkingEvent } from '../../../domain/parking/events.ts';
import type { ItemToPark } from '../../../event-catalogue/parked-items.ts';
import type { RecordedEvent } from '../../../event-store/codec/recorded-event.ts';
import type { EventStore } from '../../../event-store/event-store.ts';
import { idOfStream } from '../../../event-store/stream-name.ts';
import { settlesWithin } from '../../../platform/async/timeout.ts';
import type { ProcessManager } from '../create-process-manager.ts';
import { createJudge } from '../verdicts.ts';
import type { Parking } from './parking.ts';

export interface ReplayRequestHandlerOptions {
  readonly parking: Pick<Parking, 'find' | 'park' | 'resolve'>;
  readonly store: Pick<EventStore, 'read'>;
  readonly managers: readonly Pick<ProcessManager, 'name' | 'handle' | 'resumeWait' | 'calls'>[];
}

/** Milliseconds for which a replay waits for its external calls: well below the timeout of a delivery. */
const CALL_MS = 5_000;

/**
 * Creates the handler of `ParkedItemReplayRequested`: it repeats the work, then resolves the item or parks it again. After
 * a crash in between the work is repeated once more, which changes nothing: all of it is idempotent.
 *
 * A wait is parked in two steps: its item first, then the wait itself (park-waits.ts). A request between the two finds no
 * parked wait. Its item is parked again: if it were resolved, and the process that parks the wait crashed after the second step,
 * no operator would ever see the wait.
 */
export function createReplayRequestHandler({ parking, store, managers }: ReplayRequestHandlerOptions) {
  const { failed, succeeded } = createJudge();
  /** Returns false if the work cannot be repeated yet. */
  const repeat = async ({ group, kind, stream, revision, type = '' }: ParkedSubject): Promise<boolean> => {
    const manager = managers.find(({ name }) => name === group);
    if (manager === undefined) throw new RangeError(`no process manager is named ${group}`);
    switch (kind) {
      case 'event': {
        const recorded = await readEvent(store, stream, BigInt(revision ?? 0));
        if (recorded !== undefined) await manager.handle(recorded);
        return true;
      }
      case 'deadline':
      case 'refund': {
        const id = idOfStream(stream);
        if (!(await manager.resumeWait(id, type))) return false;
        // Most calls that still fail do so at once; then the item is parked again before it is resolved.
        await settlesWithin(manager.calls.ended(id), CALL_MS);
        return true;
      }
      case 'exception':
        // Never requested: exceptions cannot be replayed.
        return true;
    }
  };

  return async ({ event }: RecordedEvent): Promise<void> => {
    const { type, data } = event as ParkingEvent;
    if (type !== 'ParkedItemReplayRequested') return;
    const item = await parking.find(data.itemId);
    // Cancelled, or already handled by an earlier delivery.
    if (item?.status !== 'replaying') return;
    const { itemId, subject, number, reason, detail } = item;
    let isRepeated: boolean;
    try {
      isRepeated = await repeat(subject);
    } catch (error) {
      const judgement = failed(itemId, error);
      if (!judgement.giveUp) throw error;
      await parking.park({ itemId }, { reason: judgement.reason, detail: judgement.detail });
      return;
    }
    succeeded(itemId);
    if (isRepeated) await parking.resolve(itemId, number);
    else await parking.park({ itemId }, { reason, detail });
  };
}

/** Returns the item that a replay request is about: if the replay crashes its workers, that item is parked again. */
export const itemToReplay = ({ event }: RecordedEvent): Pick<ItemToPark, 'itemId'> => ({
  itemId: (event.data as { readonly itemId?: string }).itemId ?? 'none',
});

/** Returns undefined when the event was deleted, or its type is no longer known. */
async function readEvent(
  store: Pick<EventStore, 'read'>,
  stream: string,
  revision: bigint,
): Promise<RecordedEvent | undefined> {
  for await (const recorded of store.read(stream, { from: revision }))
    return recorded.revision === revision ? recorded : undefined;
  return undefined;
}
