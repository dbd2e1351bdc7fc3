import { z } from 'zod';
import type { FulfilmentExceptionRecorded } from '../../domain/fulfilment/events.ts';
import type { EventOf } from '../../domain/kernel/event.ts';
import { ExceptionKind } from '../../domain/kernel/values.ts';
import { exceptionItem } from '../../event-catalogue/parked-items.ts';
import { type DocumentOf, Text, Time } from './document-schema.ts';

/** Contradictions between the record and what the payment provider or the carrier did; absent when there are none. */
export const Exceptions = z
  .array(
    z.strictObject({
      kind: ExceptionKind,
      /** When it happened, or when it was detected if that is unknown. */
      at: Time,
      detail: Text,
      parkedId: Text.meta({ description: 'The parked item, until an operator discards it.' }),
    }),
  )
  .meta({
    description: 'Contradictions between the record and what the payment provider or the carrier did.',
  });
export type Exceptions = DocumentOf<typeof Exceptions>;

/** Adds an exception. */
export const withException = (
  before: Exceptions | undefined,
  { orderId, number, kind, detail, at }: EventOf<typeof FulfilmentExceptionRecorded>['data'],
): Exceptions => [
  ...(before ?? []),
  { kind, at, detail, parkedId: exceptionItem(orderId, kind, number).itemId },
];
