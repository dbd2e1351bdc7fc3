import { emptyMap, type PersistentMap, remove, set } from '../../domain/kernel/persistent-map.ts';
import { dequeue, emptyQueue, enqueue, type PersistentQueue } from '../../domain/kernel/persistent-queue.ts';
import type { StepSubject } from '../../event-catalogue/parked-events.ts';

/** Maximum number of remembered discarded deadlines and exceptions; the oldest are dropped. */
export const MOST_THROWN_AWAY = 10_000;

/** A step that was set aside, and is neither done nor thrown away yet. */
export interface ParkedStep {
  readonly stepId: string;
  readonly subject: StepSubject;
  /** Why it was set aside, the last time. */
  readonly reason: string;
  /** ISO 8601: when, the last time. */
  readonly parkedAt: string;
  /** How often it was set aside: each replay that fails adds one. */
  readonly times: number;
  /** Counts all steps ever set aside: the order in which they are listed. */
  readonly number: number;
  readonly status: 'parked' | 'replaying';
}

export interface ParkedSteps {
  readonly open: PersistentMap<ParkedStep>;
  /** By step, how often it was tried under suspicion without an answer. */
  readonly suspects: PersistentMap<number>;
  /** Discarded deadlines and exceptions, by step: a redelivery must not park one again. */
  readonly thrownAway: PersistentMap<true>;
  readonly thrownAwayFirst: PersistentQueue<string>;
  readonly lastNumber: number;
}

export const initialParkedSteps: ParkedSteps = {
  open: emptyMap,
  suspects: emptyMap,
  thrownAway: emptyMap,
  thrownAwayFirst: emptyQueue,
  lastNumber: 0,
};

/** With one more thrown away; whose turn it is is forgotten. */
export function throwAway(
  { thrownAway, thrownAwayFirst }: ParkedSteps,
  stepId: string,
): Pick<ParkedSteps, 'thrownAway' | 'thrownAwayFirst'> {
  const more = {
    thrownAway: set(thrownAway, stepId, true),
    thrownAwayFirst: enqueue(thrownAwayFirst, stepId),
  };
  if (thrownAwayFirst.size < MOST_THROWN_AWAY) return more;
  const { item = '', rest } = dequeue(more.thrownAwayFirst);
  return { thrownAway: remove(more.thrownAway, item), thrownAwayFirst: rest };
}
