import { type FulfilmentEvent, fulfilmentEvents } from '../../domain/fulfilment/events.ts';
import type { RecordedEvent } from '../../event-store/codec/recorded-event.ts';
import { defineDocumentProjection, forEachType } from '../define-projection.ts';
import { typesOf } from '../shop-event.ts';
import { DeadlineDocument } from './document.ts';

const STREAMS = 'fulfilment-';
const eventTypes = typesOf(...fulfilmentEvents);

/**
 * The current deadline of each order's fulfilment. `DeadlineSet` sets it, and any other later event of the stream ends it,
 * except that `FulfilmentRecalled` ends only a wait for a recall.
 */
export const deadlinesProjection = defineDocumentProjection({
  name: 'deadlines',
  version: 2,
  document: DeadlineDocument,
  indexes: [{ name: 'byKind', fields: ['current.waitingFor', 'current.due'], direction: 'ascending' }],
  eventTypes,
  documentId: ({ stream }) => stream.slice(STREAMS.length),
  on: {
    ...forEachType(eventTypes, endDeadline),
    DeadlineSet: (_, { event, at }) => {
      const { orderId, deadlineId, waitingFor, attempt, dueAt } = event.data;
      const setAt = at.toISOString();
      return { orderId, current: { deadlineId, waitingFor, attempt, setAt, dueAt, due: Date.parse(dueAt) } };
    },
    FulfilmentRecalled: (document, recorded) =>
      document?.current?.waitingFor === 'recall' ? endDeadline(document, recorded) : undefined,
  },
});

function endDeadline(
  document: DeadlineDocument | undefined,
  _: RecordedEvent<FulfilmentEvent>,
): DeadlineDocument | undefined {
  return document?.current && { orderId: document.orderId };
}
