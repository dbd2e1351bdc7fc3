import { createHash } from 'node:crypto';
import { z } from 'zod';
import { defineEvent, type EventOf } from '../domain/kernel/event.ts';
import { type ExceptionKind, Instant } from '../domain/kernel/values.ts';
import { fulfilmentStream } from './streams.ts';

const ofStep = { stepId: z.string() };

/**
 * The subject of a parked step: an event whose handling fails (`event`), a wait of an order whose deadlines only lead to
 * failures (`deadline`), a refund that the payment provider rejects (`refund`), or a contradiction of the provider or the
 * carrier (`exception`, the `number`-th of its order). `stream` is the stream of the subject. `revision` and `type` are
 * those of the event; `type` is the kind of a wait or of an exception. Only older steps have a `deadlineId`: they park a
 * single deadline.
 */
export const StepSubject = z.strictObject({
  group: z.string(),
  kind: z.enum(['event', 'deadline', 'refund', 'exception']),
  stream: z.string(),
  revision: z.string().regex(/^\d+$/).optional(),
  type: z.string().optional(),
  orderId: z.string().optional(),
  deadlineId: z.string().optional(),
  number: z.int().min(1).optional(),
});
export type StepSubject = z.output<typeof StepSubject>;

/** The id of a parked step: the same subject always has the same, 24 hexadecimal digits. */
export function stepIdOf({ group, kind, stream, revision, deadlineId, number, type }: StepSubject): string {
  const name = JSON.stringify([group, kind, stream, revision ?? deadlineId ?? number ?? type ?? '']);
  return createHash('sha256').update(name).digest('hex').slice(0, 24);
}

/** Returns the subject of the `number`-th exception of an order. */
export const exceptionSubject = (orderId: string, kind: ExceptionKind, number: number): StepSubject => ({
  group: 'fulfilment',
  kind: 'exception',
  stream: fulfilmentStream(orderId),
  type: kind,
  orderId,
  number,
});

/** A step of a process manager was set aside: for the first time, or again after a replay. */
export const StepParked = defineEvent(
  'StepParked',
  1,
  z.strictObject({ ...ofStep, subject: StepSubject, reason: z.string(), parkedAt: Instant }),
);
/**
 * A step that came so often without an answer that it may be what ends its processes is taken once more. What ends
 * this mark is `StepSurvived`; too many of them, and the step is parked untaken.
 */
export const StepSuspected = defineEvent('StepSuspected', 1, z.strictObject(ofStep));
/** Whatever came of it, the process lived. */
export const StepSurvived = defineEvent('StepSurvived', 1, z.strictObject(ofStep));
/** An operator wants it handled again. */
export const StepReplayRequested = defineEvent(
  'StepReplayRequested',
  1,
  z.strictObject({ ...ofStep, requestedBy: z.string() }),
);
export const StepReplayed = defineEvent('StepReplayed', 1, z.strictObject(ofStep));
/** An operator threw it away: it will not be handled. */
export const StepDiscarded = defineEvent(
  'StepDiscarded',
  1,
  z.strictObject({ ...ofStep, reason: z.string(), discardedBy: z.string() }),
);

export const parkedEvents = [
  StepParked,
  StepSuspected,
  StepSurvived,
  StepReplayRequested,
  StepReplayed,
  StepDiscarded,
] as const;
export type ParkedEvent = EventOf<(typeof parkedEvents)[number]>;
