import type { FulfilmentExceptionRecorded } from '../domain/fulfilment/events.ts';
import type { EventOf } from '../domain/kernel/event.ts';
import { ExceptionKind } from '../domain/kernel/values.ts';
import { exceptionSubject, stepIdOf } from '../event-store/parked-events.ts';

export const exceptionKinds = ExceptionKind.options;

/** Something that the outside did against the record. */
export interface ExceptionEntry {
  readonly kind: ExceptionKind;
  /** ISO 8601: when it happened, as far as that is known, or when it was found out. */
  readonly at: string;
  readonly detail: string;
  /** Of the parked step, until an operator discards that. */
  readonly parkedId: string;
}

/** The exceptions with one more. */
export const withException = (
  before: readonly ExceptionEntry[] | undefined,
  { orderId, number, kind, detail, at }: EventOf<typeof FulfilmentExceptionRecorded>['data'],
): readonly ExceptionEntry[] => [
  ...(before ?? []),
  { kind, at, detail, parkedId: stepIdOf(exceptionSubject(orderId, kind, number)) },
];
