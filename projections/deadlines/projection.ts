import { type FulfilmentEvent, fulfilmentEvents } from '../../domain/fulfilment/events.ts';
import type { RecordedEvent } from '../../event-store/codec/recorded-event.ts';
import { defineDocumentProjection, forEachType } from '../define-projection.ts';
import { typesOf } from '../shop-event.ts';
import { DeadlineDocument } from './document.ts';

/** The events of all workflows. */
const eventTypes = typesOf(...fulfilmentEvents);

/**
 * The current timeout of each workflow's stream. `TimeoutScheduled` sets it, and any other later event of the stream ends
 * it, except that `FulfilmentRecalled` ends only a wait for a recall.
 */
export const deadlinesProjection = defineDocumentProjection({
  name: 'deadlines',
  version: 3,
  document: DeadlineDocument,
  indexes: [{ name: 'byKind', fields: ['current.waitingFor', 'current.due'], direction: 'ascending' }],
  eventTypes,
  documentId: ({ stream }) => stream,
  on: {
    ...forEachType(eventTypes, endTimeout),
    TimeoutScheduled: (_, { event, stream, at }) => {
      const { timeoutId, waitingFor, attempt, dueAt } = event.data;
      const scheduledAt = at.toISOString();
      return {
        stream,
        current: { timeoutId, waitingFor, attempt, scheduledAt, dueAt, due: Date.parse(dueAt) },
      };
    },
    FulfilmentRecalled: (document, recorded) =>
      document?.current?.waitingFor === 'recall' ? endTimeout(document, recorded) : undefined,
  },
});

function endTimeout(
  document: DeadlineDocument | undefined,
  _: RecordedEvent<FulfilmentEvent>,
): DeadlineDocument | undefined {
  return document?.current && { stream: document.stream };
}
