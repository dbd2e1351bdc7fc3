import type { FulfilmentExceptionRecorded } from '../../domain/fulfilment/events.ts';
import type { EventOf } from '../../domain/kernel/event.ts';
import { ExceptionKind } from '../../domain/kernel/values.ts';
import { exceptionSubject, stepIdOf } from '../../event-catalogue/parked-events.ts';

export const exceptionKinds = ExceptionKind.options;

/** A contradiction between the record and what the provider or the carrier did. */
export interface ExceptionEntry {
  readonly kind: ExceptionKind;
  /** ISO 8601: when it happened, or when it was detected if that is unknown. */
  readonly at: string;
  readonly detail: string;
  /** Id of the parked step, until an operator discards it. */
  readonly parkedId: string;
}

/** Adds an exception. */
export const withException = (
  before: readonly ExceptionEntry[] | undefined,
  { orderId, number, kind, detail, at }: EventOf<typeof FulfilmentExceptionRecorded>['data'],
): readonly ExceptionEntry[] => [
  ...(before ?? []),
  { kind, at, detail, parkedId: stepIdOf(exceptionSubject(orderId, kind, number)) },
];
