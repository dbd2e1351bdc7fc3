import { type AccountMailEvent, accountMailEvents } from '../../domain/account-mails/events.ts';
import { type FulfilmentEvent, fulfilmentEvents } from '../../domain/fulfilment/events.ts';
import type { RecordedEvent } from '../../event-store/codec/recorded-event.ts';
import { defineDocumentProjection, forEachType } from '../define-projection.ts';
import { typesOf } from '../shop-event.ts';
import { DeadlineDocument } from './document.ts';

type WorkflowEvent = FulfilmentEvent | AccountMailEvent;
type Scheduled = Extract<WorkflowEvent, { type: 'TimeoutScheduled' | 'AccountMailTimeoutScheduled' }>;

/** The events of all workflows. */
const eventTypes = typesOf(...fulfilmentEvents, ...accountMailEvents);

/**
 * The current timeout of each workflow's stream. A scheduled timeout sets it, and any other later event of the stream ends
 * it, except that `FulfilmentRecalled` ends only a wait for a recall.
 */
export const deadlinesProjection = defineDocumentProjection({
  name: 'deadlines',
  version: 4,
  document: DeadlineDocument,
  indexes: [{ name: 'byKind', fields: ['current.waitingFor', 'current.due'], direction: 'ascending' }],
  eventTypes,
  documentId: ({ stream }) => stream,
  on: {
    ...forEachType(eventTypes, endTimeout),
    TimeoutScheduled: scheduleTimeout,
    AccountMailTimeoutScheduled: scheduleTimeout,
    FulfilmentRecalled: (document, recorded) =>
      document?.current?.waitingFor === 'recall' ? endTimeout(document, recorded) : undefined,
  },
});

function scheduleTimeout(
  _: DeadlineDocument | undefined,
  { event, stream, at }: RecordedEvent<Scheduled>,
): DeadlineDocument {
  const { timeoutId, waitingFor, attempt, dueAt } = event.data;
  const scheduledAt = at.toISOString();
  return { stream, current: { timeoutId, waitingFor, attempt, scheduledAt, dueAt, due: Date.parse(dueAt) } };
}

function endTimeout(
  document: DeadlineDocument | undefined,
  _: RecordedEvent<WorkflowEvent>,
): DeadlineDocument | undefined {
  return document?.current && { stream: document.stream };
}
