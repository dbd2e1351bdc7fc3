import { z } from 'zod';
import { type DocumentOf, Text, Time, WholeNumber } from '../documents/document-schema.ts';

/** What fulfilment waits for; each kind has its own maximum duration. */
export const WaitingFor = z.enum(['payment', 'settlement', 'dispatch', 'refund', 'recall']);
export type WaitingFor = z.output<typeof WaitingFor>;

/** The current deadline of an order. When the wait has ended, only the order remains: documents are never deleted. */
export const DeadlineDocument = z.strictObject({
  orderId: Text,
  current: z
    .strictObject({
      deadlineId: Text,
      waitingFor: WaitingFor,
      attempt: WholeNumber,
      /** When the event store recorded it. */
      setAt: Time,
      /** As in the event. */
      dueAt: Time,
      /** `dueAt` in milliseconds since the epoch: the index compares it. */
      due: WholeNumber,
    })
    .optional(),
});
export type DeadlineDocument = DocumentOf<typeof DeadlineDocument>;
