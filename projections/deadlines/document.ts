import { z } from 'zod';
import { type DocumentOf, Text, Time, WholeNumber } from '../documents/document-schema.ts';

/** The current timeout of a workflow's stream. When it has ended, only the stream remains: documents are never deleted. */
export const DeadlineDocument = z.strictObject({
  stream: Text,
  current: z
    .strictObject({
      timeoutId: Text,
      /** The kind of the wait, as its workflow names it. */
      waitingFor: Text,
      attempt: WholeNumber,
      /** When the event store recorded it. */
      scheduledAt: Time,
      /** As in the event. */
      dueAt: Time,
      /** `dueAt` in milliseconds since the epoch: the index compares it. */
      due: WholeNumber,
    })
    .optional(),
});
export type DeadlineDocument = DocumentOf<typeof DeadlineDocument>;
